import { FaultList, InputError } from '../core/errors.ts';
import { childPath } from '../core/field-reader.ts';
import { isJsonObject } from '../core/json.ts';
import type { StudyProblem } from '../core/study.ts';
import type { FinalTrialState } from '../core/trial.ts';
import type { MetricStore } from '../storage/metric-store.ts';

/**
 * The values that a trial ends with: those told, and for metrics that were not told the last reported ones.
 * Only COMPLETED needs a finite value for every objective and constrained metric.
 * @throws InputError with paths such as `values.accuracy`
 */
export function finalValues(
  problem: StudyProblem,
  state: FinalTrialState,
  told: unknown,
  reported: ReadonlyMap<string, number>,
): Readonly<Record<string, number>> | null {
  const metrics = problemMetrics(problem);
  const values = parseTold(told ?? {}, metrics);
  for (const metric of metrics) {
    if (values.has(metric)) continue;
    const value = reported.get(metric);
    if (value !== undefined && Number.isFinite(value)) values.set(metric, value);
    else if (state === 'COMPLETED') throw missingValue(metric, value);
  }
  return values.size === 0 ? null : Object.fromEntries(values);
}

/** The last value of each metric of the problem that trials have reported, by trial. */
export async function lastReported(
  store: MetricStore,
  ids: readonly number[],
  problem: StudyProblem,
): Promise<Map<number, ReadonlyMap<string, number>>> {
  const summaries = await store.summaries(ids, [...problemMetrics(problem)]);
  return new Map(
    [...summaries].map(([id, series]) => [id, new Map(series.map((entry) => [entry.name, entry.lastValue]))]),
  );
}

/** The metrics that make a trial's final values. */
export function problemMetrics({ objectives, constraints }: StudyProblem): ReadonlySet<string> {
  return new Set([...objectives, ...constraints].map((entry) => entry.metric));
}

function parseTold(told: unknown, metrics: ReadonlySet<string>): Map<string, number> {
  const faults = new FaultList();
  const values = new Map<string, number>();
  if (!isJsonObject(told)) {
    faults.add('values', 'must be an object of numbers by metric, such as {"accuracy": 0.97}');
    faults.throwIfAny();
    return values;
  }
  for (const [metric, value] of Object.entries(told)) {
    const path = childPath('values', metric);
    if (!metrics.has(metric)) {
      faults.add(
        path,
        `is no objective or constraint of this study; it has ${[...metrics].join(', ')}. Other metrics are reported with reportMetrics.`,
      );
    } else if (typeof value !== 'number' || !Number.isFinite(value)) {
      faults.add(path, `must be a finite number; tell the state FAILED with an error when there is none`);
    } else {
      values.set(metric, value);
    }
  }
  faults.throwIfAny();
  return values;
}

function missingValue(metric: string, reported: number | undefined): InputError {
  return InputError.at(
    childPath('values', metric),
    reported === undefined
      ? 'is missing: tell it, or report the metric before. A trial without it ends as FAILED or PRUNED.'
      : `was last reported as ${reported}, which is no result: tell a finite number, or the state FAILED.`,
  );
}
