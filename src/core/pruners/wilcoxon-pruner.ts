import { firstFrom } from '../curve.ts';
import type { FieldReader } from '../field-reader.ts';
import type { StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { Curve, TrialView } from '../trial.ts';
import { BestTrial } from './best-trial.ts';
import { type CheckSchedule, checkScheduleOptions, isCheckDue, readCheckSchedule } from './check-schedule.ts';
import {
  type PrunedMetric,
  prunedMetricOptions,
  readPrunedMetric,
  showNumber,
  toLoss,
} from './pruned-metric.ts';
import { goOn, type Progress, type PruneDecision, type Pruner } from './pruner.ts';
import { signedRankPValue } from './signed-rank.ts';
import { StudyIndex } from './study-index.ts';

export interface WilcoxonPrunerOptions {
  /** A trial ends when the test's p-value is below this. */
  readonly pThreshold: number;
  /** So many instances must have been compared before, and two at least. */
  readonly startupSteps: number;
  readonly schedule: CheckSchedule;
}

export const wilcoxonPrunerOptions = [
  ...prunedMetricOptions,
  ...checkScheduleOptions,
  'pThreshold',
  'startupSteps',
] as const;

/** The defaults are those of Optuna. */
export function readWilcoxonPruner(fields: FieldReader, problem: StudyProblem): WilcoxonPruner {
  return new WilcoxonPruner(readPrunedMetric(fields, problem), {
    pThreshold: fields.number('pThreshold', { min: 0, max: 1 }) ?? 0.1,
    startupSteps: fields.number('startupSteps', { integer: true, min: 0 }) ?? 2,
    schedule: readCheckSchedule(fields),
  });
}

/**
 * For trials whose steps are not time but instances (folds, problems, seeds) and whose result is the mean over them: a
 * trial ends when the signed-rank test says that it is worse than the best trial on the instances that both have seen.
 * The instances may come in any order. It goes on while its mean is no worse than the best trial's whole mean, though
 * the test speaks against it; and where one of the two has reported NaN or an infinity, which no test can rank.
 */
export class WilcoxonPruner implements Pruner {
  readonly metrics: readonly string[];
  readonly #compared: PrunedMetric;
  readonly #options: WilcoxonPrunerOptions;
  readonly #best: StudyIndex<BestTrial>;

  constructor(compared: PrunedMetric, options: WilcoxonPrunerOptions) {
    this.metrics = [compared.metric];
    this.#compared = compared;
    this.#options = options;
    this.#best = new StudyIndex(() => new BestTrial(compared));
  }

  decide(study: StudyView, trial: TrialView, before?: Progress): PruneDecision {
    const { metric, direction } = this.#compared;
    const { pThreshold, startupSteps, schedule } = this.#options;
    const curve = trial.curves.get(metric);
    if (curve === undefined || !isCheckDue(schedule, metric, curve, before)) return goOn;
    const best = this.#best.of(study).trial;
    const bestCurve = best?.curves.get(metric);
    if (best === null || bestCurve === undefined || bestCurve.values.length === 0) return goOn;
    if (!hasNumbersOnly(curve) || !hasNumbersOnly(bestCurve)) return goOn;

    const differences: number[] = [];
    curve.steps.forEach((step, i) => {
      const place = firstFrom(bestCurve.steps, step);
      if (bestCurve.steps[place] !== step) return;
      differences.push(toLoss(direction, curve.values[i]!) - toLoss(direction, bestCurve.values[place]!));
    });
    if (differences.length < Math.max(2, startupSteps)) return goOn;
    const mean = meanOf(curve);
    const bestMean = meanOf(bestCurve);
    if (toLoss(direction, mean) <= toLoss(direction, bestMean)) return goOn;
    const p = signedRankPValue(differences);
    if (!(p < pThreshold)) return goOn;
    return {
      action: 'STOP',
      reason: `${metric} is worse than in trial ${best.number} on the ${differences.length} steps of both: p = ${showNumber(p)} in the signed-rank test, below ${showNumber(pThreshold)}; the means are ${showNumber(mean)} and ${showNumber(bestMean)}`,
    };
  }
}

function hasNumbersOnly({ values }: Curve): boolean {
  return values.every(Number.isFinite);
}

function meanOf({ values }: Curve): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
