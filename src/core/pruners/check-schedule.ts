import type { FieldReader } from '../field-reader.ts';
import type { Curve } from '../trial.ts';
import type { Progress } from './pruner.ts';

/** At which steps a pruner looks at a trial. */
export interface CheckSchedule {
  /** No trial is judged before this step. */
  readonly warmupSteps: number;
  /** Steps between two checks. */
  readonly interval: number;
}

export const checkScheduleOptions = ['warmupSteps', 'interval'] as const;

/** From the first step on, at every report, as Optuna does by default. */
export function readCheckSchedule(fields: FieldReader): CheckSchedule {
  return {
    warmupSteps: fields.number('warmupSteps', { integer: true, min: 0 }) ?? 0,
    interval: fields.number('interval', { integer: true, min: 1 }) ?? 1,
  };
}

/**
 * Whether a check falls on the latest point of a curve, or between it and where the curve ended before this report:
 * trials that report sparsely or many steps at once miss none.
 */
export function isCheckDue(
  { warmupSteps, interval }: CheckSchedule,
  metric: string,
  { steps }: Curve,
  before: Progress | undefined,
): boolean {
  const latest = steps.at(-1);
  if (latest === undefined) return false;
  const previous = before === undefined ? steps.at(-2) : before.get(metric);
  const checksBy = (step: number): number =>
    step < warmupSteps ? 0 : Math.floor((step - warmupSteps) / interval) + 1;
  return checksBy(latest) > (previous === undefined ? 0 : checksBy(previous));
}
