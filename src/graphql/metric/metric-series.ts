import { downsample } from '../../core/downsample.ts';
import { InputError } from '../../core/errors.ts';
import type { NamedPoints } from '../../storage/metric-store.ts';
import { builder } from '../builder.ts';
import type { Loaders } from '../loaders.ts';
import { finiteOrNull } from './finite.ts';

const maxPointsLimit = 1_000_000;

/** The points to show, and the whole of which they are a part. */
interface MetricSeries {
  readonly all: NamedPoints;
  readonly shown: NamedPoints;
}

export const MetricSeriesType = builder.objectRef<MetricSeries>('MetricSeries').implement({
  description:
    'values holds null for NaN and infinities (GraphQL floats are finite); the packed columns hold every bit.',
  fields: (t) => ({
    name: t.string({ resolve: ({ all }) => all.name }),
    count: t.int({
      description: 'Points in the range asked for, before downsampling.',
      resolve: ({ all }) => all.steps.length,
    }),
    last: t.float({ nullable: true, resolve: ({ all }) => finiteOrNull(all.values.at(-1)) }),
    min: t.float({ nullable: true, resolve: ({ all }) => extreme(all.values, (a, b) => a < b) }),
    max: t.float({ nullable: true, resolve: ({ all }) => extreme(all.values, (a, b) => a > b) }),
    steps: t.intList({ resolve: ({ shown }) => Array.from(shown.steps) }),
    values: t.floatList({
      nullable: { list: false, items: true },
      resolve: ({ shown }) => Array.from(shown.values, finiteOrNull),
    }),
    times: t.floatList({
      description: 'Wall times in milliseconds since 1970.',
      resolve: ({ shown }) => Array.from(shown.times),
    }),
    packedSteps: t.field({ type: 'Int32Array', resolve: ({ shown }) => shown.steps }),
    packedValues: t.field({ type: 'Float64Array', resolve: ({ shown }) => shown.values }),
    packedTimes: t.field({ type: 'Float64Array', resolve: ({ shown }) => shown.times }),
  }),
});

interface SeriesArgs {
  readonly names?: readonly string[] | null | undefined;
  readonly maxPoints?: number | null | undefined;
  readonly fromStep?: number | null | undefined;
  readonly toStep?: number | null | undefined;
}

export async function metricSeriesOf(
  loaders: Loaders,
  trialId: number,
  args: SeriesArgs,
): Promise<MetricSeries[]> {
  const maxPoints = args.maxPoints ?? 1000;
  if (maxPoints > maxPointsLimit) throw InputError.at('maxPoints', `must be at most ${maxPointsLimit}`);
  const series = await loaders.series(trialId, {
    names: args.names ?? undefined,
    fromStep: args.fromStep ?? undefined,
    toStep: args.toStep ?? undefined,
  });
  return series.map((all) => ({ all, shown: pick(all, downsample(all.values, maxPoints)) }));
}

function pick(points: NamedPoints, places: Uint32Array): NamedPoints {
  if (places.length === points.steps.length) return points;
  const steps = new Int32Array(places.length);
  const values = new Float64Array(places.length);
  const times = new Float64Array(places.length);
  // Typed arrays' own `from` takes ten times as long.
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    steps[i] = points.steps[place]!;
    values[i] = points.values[place]!;
    times[i] = points.times[place]!;
  }
  return { name: points.name, steps, values, times };
}

function extreme(values: Float64Array, isBeyond: (a: number, b: number) => boolean): number | null {
  let found: number | null = null;
  for (const value of values) {
    if (Number.isFinite(value) && (found === null || isBeyond(value, found))) found = value;
  }
  return found;
}
