import type { StudyData, TrialData } from '../../../../client/index.ts';
import { formatBytes } from '../../../format/bytes.ts';
import { formatDuration } from '../../../format/duration.ts';
import { formatValue } from '../../../format/number.ts';
import { formatParam } from '../../../format/param.ts';
import type { TrialRow } from '../../../operations/trials.ts';
import { durationMs } from '../../../parts/trial-duration.ts';
import { trialStates } from '../../../theme/trial-states.ts';
import { spaceParameters, studyMetrics } from '../trials/space-parameters.ts';

export interface ComparedTrial extends TrialRow {
  readonly backend: string | null;
  readonly memory: TrialData['memory'];
  readonly metricSeries: readonly {
    readonly name: string;
    readonly count: number;
    readonly last: number | null;
    readonly min: number | null;
    readonly max: number | null;
  }[];
}

/** One line of the comparison: a cell for each trial. */
export interface ComparedRow {
  readonly name: string;
  readonly cells: readonly string[];
  /** In full, for titles. */
  readonly titles: readonly string[];
  readonly differs: boolean;
  /** Whose cell is the best, where that can be said. */
  readonly best: ReadonlySet<number>;
}

export interface ComparedGroup {
  readonly title: string;
  readonly rows: readonly ComparedRow[];
}

/** What trials have in common and where they differ. */
export function comparedGroups(study: StudyData, trials: readonly ComparedTrial[]): readonly ComparedGroup[] {
  const judged = studyMetrics(study);
  const lastOf = (trial: ComparedTrial, metric: string) =>
    trial.metricSeries.find(({ name }) => name === metric)?.last;
  const others = new Set(trials.flatMap(({ metricSeries }) => metricSeries.map(({ name }) => name)));
  for (const metric of judged) others.delete(metric);
  const inSpace = spaceParameters(study).map(({ name }) => name);
  const tried = new Set([...inSpace, ...trials.flatMap(({ params }) => Object.keys(params))]);
  const numbers = (name: string, read: (trial: ComparedTrial) => number | null | undefined, best?: 1 | -1) =>
    row(name, trials.map(read), (value) => formatValue(value as number | null), best);
  return [
    {
      title: 'Values',
      rows: judged.map((metric) => {
        const objective = study.objectives.find((other) => other.metric === metric);
        const sign = objective === undefined ? undefined : objective.direction === 'MINIMIZE' ? 1 : -1;
        return numbers(
          metric,
          (trial) =>
            (trial.values as Readonly<Record<string, number>> | null)?.[metric] ?? lastOf(trial, metric),
          sign,
        );
      }),
    },
    {
      title: 'Parameters',
      rows: [...tried].map((name) =>
        row(
          name,
          trials.map(({ params }) => (Object.hasOwn(params, name) ? params[name] : undefined)),
          (value) => formatParam(value as never),
        ),
      ),
    },
    {
      title: 'Run',
      rows: [
        row(
          'State',
          trials.map(({ state }) => state),
          (state) => trialStates[state as keyof typeof trialStates].label,
        ),
        row(
          'Duration',
          trials.map((trial) => durationMs(trial)),
          (ms) => formatDuration(ms as number | null),
        ),
        row(
          'Peak memory',
          trials.map(({ memory }) => memory?.peakBytes),
          (bytes) => formatBytes(bytes as number | null),
        ),
        row(
          'Device',
          trials.map(({ device }) => device),
        ),
        row(
          'Backend',
          trials.map(({ backend }) => backend),
        ),
        row(
          'Attempts',
          trials.map(({ attempt }) => attempt),
        ),
        row(
          'Tags',
          trials.map(({ tags }) => tags.join(', ') || null),
        ),
      ],
    },
    {
      title: 'Last of other metrics',
      rows: [...others].sort().map((name) => numbers(name, (it) => lastOf(it, name))),
    },
  ].filter(({ rows }) => rows.length > 0);
}

function row(
  name: string,
  values: readonly unknown[],
  show: (value: unknown) => string = (value) => (value == null ? '–' : String(value)),
  sign?: 1 | -1,
): ComparedRow {
  const best = new Set<number>();
  if (sign !== undefined) {
    const scores = values.map((value) =>
      typeof value === 'number' ? sign * value : Number.POSITIVE_INFINITY,
    );
    const least = Math.min(...scores);
    const isShared = scores.every((score) => score === least);
    if (Number.isFinite(least) && !isShared) {
      for (const [i, score] of scores.entries()) if (score === least) best.add(i);
    }
  }
  return {
    name,
    cells: values.map(show),
    titles: values.map((value) => (value == null ? '' : String(value))),
    differs: new Set(values.map((value) => JSON.stringify(value ?? null) + (value === undefined))).size > 1,
    best,
  };
}
