import type { FieldReader } from '../field-reader.ts';
import type { StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';
import { type PrunedMetric, prunedMetricOptions, readPrunedMetrics } from './pruned-metric.ts';
import { goOn, type Progress, type Promotion, type PruneDecision, type Pruner } from './pruner.ts';
import { Halving, type HalvingOptions } from './rungs/halving.ts';
import { highestRung } from './rungs/ladder.ts';

export const hyperbandPrunerOptions = [
  ...prunedMetricOptions,
  'minResource',
  'maxResource',
  'reductionFactor',
  'minTrials',
  'promotion',
] as const;

/**
 * The reduction factor is that of the paper. `maxResource` has to be given: it decides how many brackets there are, and
 * a trial's bracket must not change on the way.
 */
export function readHyperbandPruner(fields: FieldReader, problem: StudyProblem): HyperbandPruner {
  const minResource = fields.number('minResource', { integer: true, min: 1 }) ?? 1;
  const maxResource = fields.number('maxResource', { required: true, integer: true, above: minResource });
  return new HyperbandPruner(readPrunedMetrics(fields, problem), {
    plan: {
      minResource,
      maxResource: maxResource ?? minResource + 1,
      reductionFactor: fields.number('reductionFactor', { min: 2 }) ?? 3,
    },
    minTrials: fields.number('minTrials', { integer: true, min: 1 }) ?? 1,
    promotion: fields.boolean('promotion') ?? false,
  });
}

/**
 * Hyperband (Li et al. 2018, "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization", algorithm 1) in
 * its asynchronous form: brackets of successive halving that begin at ever higher rungs, the last with none at all, so
 * that a metric which tells little early does no lasting harm. Each bracket gets about the same budget, and so a
 * share of the trials: eta^s / (s + 1) for the one with s rungs. A trial's bracket follows from its number alone.
 *
 * A bracket says only from which rung on a trial is judged. On a rung it is compared with the trials of all brackets
 * that came there: a small bracket by itself would judge by a handful of trials.
 */
export class HyperbandPruner implements Pruner {
  readonly metrics: readonly string[];
  readonly pauses: boolean;
  /** The sum of the shares up to and with each bracket, that with most rungs first; the last is 1. */
  readonly #shares: readonly number[];
  readonly #halving: Halving;

  constructor(compared: readonly PrunedMetric[], options: HalvingOptions) {
    this.metrics = compared.map(({ metric }) => metric);
    this.pauses = options.promotion;
    const rungs = highestRung(options.plan, Number.MAX_SAFE_INTEGER) + 1;
    this.#shares = bracketShares(rungs, options.plan.reductionFactor);
    this.#halving = new Halving(compared, options, (trialNumber) => this.bracketOf(trialNumber));
  }

  get bracketCount(): number {
    return this.#shares.length;
  }

  /**
   * The bracket of a trial, 0 for the one with most rungs. Multiples of the golden ratio fill the unit interval evenly
   * (Weyl's sequence), so every run of trials has about its shares, and the brackets are mixed.
   */
  bracketOf(trialNumber: number): number {
    const place = ((trialNumber + 1) * ((Math.sqrt(5) - 1) / 2)) % 1;
    return this.#shares.findIndex((share) => place < share);
  }

  decide(study: StudyView, trial: TrialView, before?: Progress): PruneDecision {
    const decision = this.#halving.decide(study, trial, before);
    if (decision.action === 'CONTINUE') return goOn;
    return {
      ...decision,
      reason: `${decision.reason} (bracket ${this.bracketOf(trial.number) + 1} of ${this.bracketCount})`,
    };
  }

  promote(study: StudyView, anyway = false): Promotion | null {
    return this.#halving.candidate(study, anyway);
  }
}

/** Summed up, from the bracket with `rungs` rungs to the one with none. */
function bracketShares(rungs: number, eta: number): number[] {
  const weights = Array.from({ length: rungs + 1 }, (_, bracket) => {
    const s = rungs - bracket;
    return eta ** s / (s + 1);
  });
  const total = weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  const shares = weights.map((weight) => {
    sum += weight;
    return sum / total;
  });
  shares[rungs] = 1;
  return shares;
}
