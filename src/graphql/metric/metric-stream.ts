import { InputError, notFound } from '../../core/errors.ts';
import { FollowedLog, hasReached, type LogSource, type Position } from '../../events/followed-log.ts';
import { watchStudy } from '../../events/watch-study.ts';
import type { Engine } from '../../execution/engine.ts';
import type { MetricScope, SeriesDelta } from '../../storage/metric-store.ts';
import { builder } from '../builder.ts';
import { globalId, parseGlobalId } from '../global-id.ts';
import { finiteOrNull } from './finite.ts';

/** Points of one message; a follower that is far behind gets more messages. */
const maxPointsPerBatch = 20_000;
const maxRateLimitHz = 100;

const MetricDelta = builder.objectRef<SeriesDelta>('MetricDelta').implement({
  description:
    'New points of one series, in the order in which they were stored; for one step the last one counts.',
  fields: (t) => ({
    trial: t.id({ resolve: (delta) => globalId('trial', delta.trialId) }),
    name: t.exposeString('name'),
    steps: t.intList({ resolve: ({ steps }) => Array.from(steps) }),
    values: t.floatList({
      nullable: { list: false, items: true },
      resolve: ({ values }) => Array.from(values, finiteOrNull),
    }),
    times: t.floatList({ resolve: ({ times }) => Array.from(times) }),
    packedSteps: t.field({ type: 'Int32Array', resolve: ({ steps }) => steps }),
    packedValues: t.field({ type: 'Float64Array', resolve: ({ values }) => values }),
    packedTimes: t.field({ type: 'Float64Array', resolve: ({ times }) => times }),
  }),
});

/** Positions by study id. */
type Positions = ReadonlyMap<number, number>;

interface MetricBatch {
  readonly positions: Positions;
  readonly deltas: readonly SeriesDelta[];
}

const MetricBatchType = builder.objectRef<MetricBatch>('MetricBatch').implement({
  fields: (t) => ({
    cursor: t.field({ type: 'Cursor', resolve: ({ positions }) => formatCursor(positions) }),
    series: t.field({ type: [MetricDelta], resolve: ({ deltas }) => deltas }),
  }),
});

interface MetricStreamArgs {
  readonly study?: string | null | undefined;
  readonly trials?: readonly string[] | null | undefined;
  readonly names?: readonly string[] | null | undefined;
  readonly after?: string | null | undefined;
  readonly maxRateHz?: number | null | undefined;
}

builder.subscriptionField('metrics', (t) =>
  t.field({
    type: MetricBatchType,
    description:
      'New metric points as columns, coalesced to at most maxRateHz messages a second. The first message has only the cursor of now: what was stored before it is read with metricSeries. With a cursor it goes on after that; the cursor "0" replays all.',
    args: {
      study: t.arg.id({ description: 'All trials of a study; with `trials`, only those of them.' }),
      trials: t.arg.idList(),
      names: t.arg.stringList(),
      after: t.arg({ type: 'Cursor' }),
      maxRateHz: t.arg.float({ defaultValue: 10 }),
    },
    subscribe: (_, args, { engine }) => followMetrics(engine, args),
    resolve: (batch) => batch,
  }),
);

async function followMetrics(engine: Engine, args: MetricStreamArgs) {
  const maxRateHz = args.maxRateHz ?? 10;
  if (!(maxRateHz > 0 && maxRateHz <= maxRateLimitHz)) {
    throw InputError.at('maxRateHz', `must be above 0 and at most ${maxRateLimitHz}, not ${maxRateHz}`);
  }
  const scopes = await scopesOf(engine, args);
  const newest = await Promise.all(scopes.map(({ studyId }) => engine.metrics.lastCommit(studyId)));
  const start =
    args.after == null
      ? { position: newest, value: { positions: positionsOf(scopes, newest), deltas: [] } }
      : { position: startPosition(scopes, newest, args.after), value: null };
  return new FollowedLog<MetricBatch>(metricSource(engine, scopes, maxRateHz), start, newest);
}

function metricSource(
  engine: Engine,
  scopes: readonly MetricScope[],
  maxRateHz: number,
): LogSource<MetricBatch> {
  const inDoubt = new Set<number>();
  const gone = new Set<number>();
  return {
    minIntervalMs: 1000 / maxRateHz,
    watch: (wake) => {
      const ends = scopes.map(({ studyId }) =>
        watchStudy(engine.bus, studyId, ['metricsStored'], wake, () => {
          inDoubt.add(studyId);
          wake();
        }),
      );
      return () => {
        for (const end of ends) end();
      };
    },
    read: async (after, upTo) => {
      for (const studyId of inDoubt) {
        inDoubt.delete(studyId);
        if ((await engine.studies.find(studyId)) === null) gone.add(studyId);
      }
      const deltas: SeriesDelta[] = [];
      const position = [...after];
      let isNewest = true;
      for (const [i, scope] of scopes.entries()) {
        const limit = upTo?.[i];
        if (limit !== undefined && limit <= after[i]!) continue;
        // What is left to read of a deleted study counts as read.
        if (gone.has(scope.studyId)) position[i] = limit ?? after[i]!;
        else {
          const news = await engine.metrics.readAfter(scope, after[i]!, maxPointsPerBatch, limit);
          position[i] = Math.max(after[i]!, news.commit);
          isNewest &&= position[i]! >= news.newest;
          deltas.push(...news.deltas);
        }
      }
      const value = deltas.length > 0 ? { positions: positionsOf(scopes, position), deltas } : null;
      return value === null && hasReached(after, position) ? null : { position, value, isNewest };
    },
    isDone: () => gone.size === scopes.length,
  };
}

function positionsOf(scopes: readonly MetricScope[], position: Position): Positions {
  return new Map(scopes.map(({ studyId }, i) => [studyId, position[i]!]));
}

async function scopesOf(engine: Engine, args: MetricStreamArgs): Promise<MetricScope[]> {
  const names = args.names ?? undefined;
  if (names?.length === 0) throw InputError.at('names', 'is empty; leave it out for all series');
  const studyId = args.study == null ? null : parseGlobalId('study', args.study, 'study');
  if (args.trials == null) {
    if (studyId === null) throw InputError.at('study', 'is missing; name a study, or trials');
    await engine.studies.get(studyId);
    return [{ studyId, names }];
  }
  if (args.trials.length === 0) throw InputError.at('trials', 'is empty; name at least one trial');
  const ids = args.trials.map((id, i) => parseGlobalId('trial', id, `trials[${i}]`));
  const trialsByStudy = new Map<number, number[]>();
  for (const [i, trial] of (await engine.trials.findMany(ids)).entries()) {
    if (trial === null) throw notFound('trial', ids[i]!);
    if (studyId !== null && trial.studyId !== studyId) {
      throw InputError.at(`trials[${i}]`, `${args.trials[i]} belongs to another study than ${args.study}`);
    }
    trialsByStudy.set(trial.studyId, [...(trialsByStudy.get(trial.studyId) ?? []), trial.id]);
  }
  return [...trialsByStudy].map(([id, trialIds]) => ({ studyId: id, trialIds, names }));
}

function startPosition(scopes: readonly MetricScope[], newest: Position, after: string): Position {
  const given = parseCursor(after);
  return scopes.map(({ studyId }, i) => {
    const position = given === 'start' ? 0 : given.get(studyId);
    if (position === undefined || position > newest[i]!) throw badCursor();
    return position;
  });
}

function formatCursor(positions: Positions): string {
  return [...positions].map(([studyId, commit]) => `${studyId}:${commit}`).join(',');
}

function parseCursor(cursor: string): Positions | 'start' {
  if (cursor === '0') return 'start';
  if (!/^\d{1,10}:\d{1,10}(,\d{1,10}:\d{1,10})*$/.test(cursor)) throw badCursor();
  return new Map(cursor.split(',').map((entry) => entry.split(':').map(Number) as [number, number]));
}

function badCursor(): InputError {
  return InputError.at(
    'after',
    'is not a cursor of these metrics; use the one of the last message, or "0" for all',
  );
}
