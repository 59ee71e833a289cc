import { firstFrom, lastStep } from '../curve.ts';
import type { FieldReader } from '../field-reader.ts';
import type { StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';
import {
  isBetter,
  type PrunedMetric,
  prunedMetricOptions,
  readPrunedMetric,
  showNumber,
} from './pruned-metric.ts';
import type { PruneDecision, Pruner } from './pruner.ts';

export interface AshaPrunerOptions {
  /** The step of the lowest rung. */
  readonly minResource: number;
  /** eta: how many times further the next rung is, and one in how many trials goes on from a rung. */
  readonly reductionFactor: number;
}

export const ashaPrunerOptions = [...prunedMetricOptions, 'minResource', 'reductionFactor'] as const;

export function readAshaPruner(fields: FieldReader, problem: StudyProblem): AshaPruner {
  return new AshaPruner(readPrunedMetric(fields, problem), {
    minResource: fields.number('minResource', { integer: true, min: 1 }) ?? 1,
    reductionFactor: fields.number('reductionFactor', { min: 2 }) ?? 4,
  });
}

/**
 * Asynchronous successive halving, its stopping variant (Li et al. 2020, "A System for Massively Parallel
 * Hyperparameter Tuning"): rung k is step minResource * eta^k, and a trial goes on only while it is among the best
 * 1/eta of the trials that have reached its highest rung. A trial's value at a rung is its first report at or after
 * it. While fewer than eta trials are on a rung all go on. The check is repeated at every report until the next rung,
 * so a trial that came first to a rung still ends when better ones follow. NaN is worse than any number; ties go on.
 */
export class AshaPruner implements Pruner {
  readonly metrics: readonly string[];
  readonly #compared: PrunedMetric;
  readonly #options: AshaPrunerOptions;

  constructor(compared: PrunedMetric, options: AshaPrunerOptions) {
    this.metrics = [compared.metric];
    this.#compared = compared;
    this.#options = options;
  }

  decide(study: StudyView, trial: TrialView): PruneDecision {
    const { metric, direction } = this.#compared;
    const rung = this.#highestRung(lastStep(trial.curves.get(metric)));
    if (rung === null) return { prune: false };

    const value = valueAtRung(trial, metric, rung)!;
    let reached = 1;
    let better = 0;
    for (const peers of [study.observed, study.running.values()]) {
      for (const peer of peers) {
        if (peer.number === trial.number || peer.state === 'INFEASIBLE') continue;
        const peerValue = valueAtRung(peer, metric, rung);
        if (peerValue === undefined) continue;
        reached++;
        if (isBetter(direction, peerValue, value)) better++;
      }
    }
    const places = Math.floor(reached / this.#options.reductionFactor);
    if (places === 0 || better < places) return { prune: false };
    const shown = Number.isNaN(value) ? 'not a number' : showNumber(value);
    return {
      prune: true,
      reason: `${metric} ${shown} at rung ${showNumber(rung)} is number ${better + 1} of ${reached} trials, and the best ${places} go on`,
    };
  }

  /** The step of the highest rung that a trial with this last step has reached, or null below the lowest. */
  #highestRung(step: number | undefined): number | null {
    const { minResource, reductionFactor } = this.#options;
    if (step === undefined || step < minResource) return null;
    let rung = minResource;
    while (rung * reductionFactor <= step) rung *= reductionFactor;
    return rung;
  }
}

/** The first report at or after a rung, or undefined while there is none. */
function valueAtRung(trial: TrialView, metric: string, rung: number): number | undefined {
  const curve = trial.curves.get(metric);
  return curve?.values[firstFrom(curve.steps, rung)];
}
