import { lastStep } from '../curve.ts';
import type { FieldReader } from '../field-reader.ts';
import type { StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { Curve, TrialView } from '../trial.ts';
import { type CheckSchedule, checkScheduleOptions, isCheckDue, readCheckSchedule } from './check-schedule.ts';
import { FinishedCurves } from './finished-curves.ts';
import {
  isBetter,
  type PrunedMetric,
  prunedMetricOptions,
  readPrunedMetric,
  showNumber,
  toLoss,
  worseThan,
} from './pruned-metric.ts';
import { goOn, type Progress, type PruneDecision, type Pruner } from './pruner.ts';
import { StudyIndex } from './study-index.ts';

export interface PercentilePrunerOptions {
  /** The share of trials, in percent, that go on: 50 is the median rule, 25 keeps the best quarter. */
  readonly percentile: number;
  /** So many trials must have completed before any is pruned. */
  readonly startupTrials: number;
  /** So many finished trials must have come as far before a trial is compared with them. */
  readonly minTrials: number;
  readonly schedule: CheckSchedule;
}

export const medianPrunerOptions = [
  ...prunedMetricOptions,
  ...checkScheduleOptions,
  'startupTrials',
  'minTrials',
] as const;
export const percentilePrunerOptions = [...medianPrunerOptions, 'percentile'] as const;

export function readMedianPruner(fields: FieldReader, problem: StudyProblem): PercentilePruner {
  return readWith(50, fields, problem);
}

/** The best quarter goes on by default, as in Optuna's documentation of its own. */
export function readPercentilePruner(fields: FieldReader, problem: StudyProblem): PercentilePruner {
  return readWith(fields.number('percentile', { min: 0, max: 100 }) ?? 25, fields, problem);
}

/** The other defaults are those of Optuna. */
function readWith(percentile: number, fields: FieldReader, problem: StudyProblem): PercentilePruner {
  return new PercentilePruner(readPrunedMetric(fields, problem), {
    percentile,
    startupTrials: fields.number('startupTrials', { integer: true, min: 1 }) ?? 5,
    minTrials: fields.number('minTrials', { integer: true, min: 1 }) ?? 1,
    schedule: readCheckSchedule(fields),
  });
}

/**
 * The median stopping rule (Golovin et al. 2017, "Google Vizier", section 3.2.2) for any percentile: a trial ends when
 * its best value so far is strictly worse than the percentile of the finished trials that came as far. Compared are
 * their values at that step, not their running averages, which lag behind on steep curves; a finished trial without a
 * point at the step counts with its last one before. A trial that reported NaN only is worse than any number; finished
 * ones are counted so too.
 */
export class PercentilePruner implements Pruner {
  readonly metrics: readonly string[];
  readonly #compared: PrunedMetric;
  readonly #options: PercentilePrunerOptions;
  readonly #finished: StudyIndex<FinishedCurves>;

  constructor(compared: PrunedMetric, options: PercentilePrunerOptions) {
    this.metrics = [compared.metric];
    this.#compared = compared;
    this.#options = options;
    this.#finished = new StudyIndex(() => new FinishedCurves(compared));
  }

  decide(study: StudyView, trial: TrialView, before?: Progress): PruneDecision {
    const { metric, direction } = this.#compared;
    const { schedule, startupTrials, minTrials, percentile } = this.#options;
    const curve = trial.curves.get(metric);
    if (curve === undefined || !isCheckDue(schedule, metric, curve, before)) return goOn;
    const finished = this.#finished.of(study);
    if (finished.completed < startupTrials) return goOn;
    const step = lastStep(curve)!;
    const peers = finished.at(step);
    if (peers.size < minTrials) return goOn;

    const bound = toLoss(direction, peers.quantile(percentile / 100));
    const best = bestOf(curve, this.#compared);
    if (!isBetter(direction, bound, best)) return goOn;
    const name = percentile === 50 ? 'median' : `bound of the best ${showNumber(percentile)} %,`;
    const reason = Number.isNaN(best)
      ? `${metric} is not a number at any step up to ${step}; the ${name} of ${peers.size} trials is ${showNumber(bound)}`
      : `${metric} ${showNumber(best)} by step ${step} is ${worseThan(direction)} the ${name} ${showNumber(bound)} of ${peers.size} trials`;
    return { action: 'STOP', reason };
  }
}

/** The best value of a curve; NaN where all are. */
function bestOf(curve: Curve, { direction }: PrunedMetric): number {
  return curve.values.reduce((best, value) => (isBetter(direction, value, best) ? value : best), Number.NaN);
}
