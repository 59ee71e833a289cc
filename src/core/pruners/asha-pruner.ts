import type { FieldReader } from '../field-reader.ts';
import type { StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';
import { type PrunedMetric, prunedMetricOptions, readPrunedMetrics } from './pruned-metric.ts';
import type { Progress, Promotion, PruneDecision, Pruner } from './pruner.ts';
import { Halving, type HalvingOptions } from './rungs/halving.ts';

export const ashaPrunerOptions = [
  ...prunedMetricOptions,
  'minResource',
  'maxResource',
  'reductionFactor',
  'minTrials',
  'promotion',
] as const;

/**
 * The reduction factor is that of Hyperband: over all problems of `bench/pruning.ts` it takes fewer steps than the 4 of
 * ASHA's paper, which gives up good trials that start slowly. Without promotion by default: it needs trials that can go on from a
 * checkpoint, or start again.
 */
export function readAshaPruner(fields: FieldReader, problem: StudyProblem): AshaPruner {
  const minResource = fields.number('minResource', { integer: true, min: 1 }) ?? 1;
  return new AshaPruner(readPrunedMetrics(fields, problem), {
    plan: {
      minResource,
      maxResource:
        fields.number('maxResource', { integer: true, above: minResource }) ?? Number.POSITIVE_INFINITY,
      reductionFactor: fields.number('reductionFactor', { min: 2 }) ?? 3,
    },
    minTrials: fields.number('minTrials', { integer: true, min: 1 }) ?? 1,
    promotion: fields.boolean('promotion') ?? false,
  });
}

/**
 * Asynchronous successive halving, with promotion or in its stopping variant: see `Halving`. A trial's value at a rung
 * is its first report at or after it. NaN is worse than any number. Several metrics are ranked by non-dominated
 * sorting; then a trial is on a rung once each of them has a report at or after it.
 */
export class AshaPruner implements Pruner {
  readonly metrics: readonly string[];
  readonly pauses: boolean;
  readonly #halving: Halving;

  constructor(compared: readonly PrunedMetric[], options: HalvingOptions) {
    this.metrics = compared.map(({ metric }) => metric);
    this.pauses = options.promotion;
    this.#halving = new Halving(compared, options);
  }

  decide(study: StudyView, trial: TrialView, before?: Progress): PruneDecision {
    return this.#halving.decide(study, trial, before);
  }

  promote(study: StudyView, anyway = false): Promotion | null {
    return this.#halving.candidate(study, anyway);
  }
}
