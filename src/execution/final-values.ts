import { FaultList, InputError } from '../core/errors.ts';
import { isJsonObject } from '../core/json.ts';
import type { StudyProblem } from '../core/study.ts';
import type { FinalTrialState } from '../core/trial.ts';

/**
 * The values that a trial ends with: those told, and for metrics that were not told the last reported ones.
 * Only COMPLETED needs a finite value for every objective and constrained metric.
 * @throws InputError with paths such as `values.accuracy`
 */
export async function finalValues(
  problem: StudyProblem,
  state: FinalTrialState,
  told: unknown,
  lastReported: () => Promise<Readonly<Record<string, number>>>,
): Promise<Readonly<Record<string, number>> | null> {
  const metrics = new Set([...problem.objectives, ...problem.constraints].map((entry) => entry.metric));
  const values = parseTold(told ?? {}, metrics);
  const missing = [...metrics].filter((metric) => values[metric] === undefined);
  if (missing.length > 0) {
    const reported = await lastReported();
    for (const metric of missing) {
      const value = reported[metric];
      if (value !== undefined && Number.isFinite(value)) values[metric] = value;
      else if (state === 'COMPLETED') throw missingValue(metric, value);
    }
  }
  return Object.keys(values).length === 0 ? null : values;
}

function parseTold(told: unknown, metrics: ReadonlySet<string>): Record<string, number> {
  const faults = new FaultList();
  const values: Record<string, number> = {};
  if (!isJsonObject(told)) {
    faults.add('values', 'must be an object of numbers by metric, such as {"accuracy": 0.97}');
    faults.throwIfAny();
    return values;
  }
  for (const [metric, value] of Object.entries(told)) {
    const path = `values.${metric}`;
    if (!metrics.has(metric)) {
      faults.add(
        path,
        `is no objective or constraint of this study; it has ${[...metrics].join(', ')}. Other metrics are reported with reportMetrics.`,
      );
    } else if (typeof value !== 'number' || !Number.isFinite(value)) {
      faults.add(path, `must be a finite number; tell the state FAILED with an error when there is none`);
    } else {
      values[metric] = value;
    }
  }
  faults.throwIfAny();
  return values;
}

function missingValue(metric: string, reported: number | undefined): InputError {
  return InputError.at(
    `values.${metric}`,
    reported === undefined
      ? 'is missing: tell it, or report the metric before. A trial without it ends as FAILED or PRUNED.'
      : `was last reported as ${reported}, which is no result: tell a finite number, or the state FAILED.`,
  );
}
