import type { FieldReader } from '../field-reader.ts';
import type { StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';
import { type CheckSchedule, checkScheduleOptions, isCheckDue, readCheckSchedule } from './check-schedule.ts';
import { showNumber } from './pruned-metric.ts';
import { goOn, type Progress, type PruneDecision, type Pruner } from './pruner.ts';

export interface ThresholdPrunerOptions {
  readonly metric: string;
  readonly lower: number;
  readonly upper: number;
  readonly schedule: CheckSchedule;
}

export const thresholdPrunerOptions = ['metric', 'lower', 'upper', ...checkScheduleOptions] as const;

/** Any metric will do; the first objective by default. */
export function readThresholdPruner(fields: FieldReader, problem: StudyProblem): ThresholdPruner {
  const lower = fields.number('lower');
  const upper = fields.number('upper');
  if (fields.value('lower') === undefined && fields.value('upper') === undefined) {
    fields.fault('lower', 'is missing, and so is upper; give one of them or both.');
  } else if (lower !== undefined && upper !== undefined && lower > upper) {
    fields.fault('lower', `must not be above upper, ${upper}; it is ${lower}.`);
  }
  const metric = fields.value('metric') === undefined ? undefined : fields.name('metric');
  return new ThresholdPruner({
    metric: metric ?? problem.objectives[0]!.metric,
    lower: lower ?? Number.NEGATIVE_INFINITY,
    upper: upper ?? Number.POSITIVE_INFINITY,
    schedule: readCheckSchedule(fields),
  });
}

/** Ends a trial whose latest value is below `lower`, above `upper` or NaN. The bounds themselves are allowed. */
export class ThresholdPruner implements Pruner {
  readonly metrics: readonly string[];
  readonly #options: ThresholdPrunerOptions;

  constructor(options: ThresholdPrunerOptions) {
    this.metrics = [options.metric];
    this.#options = options;
  }

  decide(_study: StudyView, trial: TrialView, before?: Progress): PruneDecision {
    const { metric, lower, upper, schedule } = this.#options;
    const curve = trial.curves.get(metric);
    if (curve === undefined || !isCheckDue(schedule, metric, curve, before)) return goOn;
    const value = curve.values.at(-1)!;
    const step = curve.steps.at(-1)!;
    const stop = (bound: string): PruneDecision => ({
      action: 'STOP',
      reason: `${metric} ${showNumber(value)} at step ${step} ${bound}`,
    });
    if (Number.isNaN(value)) return { action: 'STOP', reason: `${metric} is not a number at step ${step}` };
    if (value < lower) return stop(`is below the threshold ${showNumber(lower)}`);
    if (value > upper) return stop(`is above the threshold ${showNumber(upper)}`);
    return goOn;
  }
}
