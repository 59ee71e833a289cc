import { lastStep, valueBy } from '../curve.ts';
import type { FieldReader } from '../field-reader.ts';
import type { Direction, StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { Curve, TrialView } from '../trial.ts';
import {
  isBetter,
  type PrunedMetric,
  prunedMetricOptions,
  readPrunedMetric,
  showNumber,
  worseThan,
} from './pruned-metric.ts';
import type { PruneDecision, Pruner } from './pruner.ts';

export interface MedianPrunerOptions {
  /** So many trials must have completed before any is pruned. */
  readonly startupTrials: number;
  /** No trial is pruned before this step. */
  readonly warmupSteps: number;
  /** Steps between two checks. */
  readonly interval: number;
}

export const medianPrunerOptions = [
  ...prunedMetricOptions,
  'startupTrials',
  'warmupSteps',
  'interval',
] as const;

/** The defaults are those of Optuna. */
export function readMedianPruner(fields: FieldReader, problem: StudyProblem): MedianPruner {
  return new MedianPruner(readPrunedMetric(fields, problem), {
    startupTrials: fields.number('startupTrials', { integer: true, min: 1 }) ?? 5,
    warmupSteps: fields.number('warmupSteps', { integer: true, min: 0 }) ?? 0,
    interval: fields.number('interval', { integer: true, min: 1 }) ?? 1,
  });
}

/**
 * The median stopping rule (Golovin et al. 2017, "Google Vizier", section 3.2.2): a trial ends when its best value so
 * far is strictly worse than the median of the finished trials that came as far. Compared are their values at that
 * step, not their running averages, which lag behind on steep curves. A trial that reported NaN only is worse than any
 * number; finished ones are counted so too.
 */
export class MedianPruner implements Pruner {
  readonly metrics: readonly string[];
  readonly #compared: PrunedMetric;
  readonly #options: MedianPrunerOptions;

  constructor(compared: PrunedMetric, options: MedianPrunerOptions) {
    this.metrics = [compared.metric];
    this.#compared = compared;
    this.#options = options;
  }

  decide(study: StudyView, trial: TrialView): PruneDecision {
    const { metric, direction } = this.#compared;
    const curve = trial.curves.get(metric);
    if (curve === undefined || !this.#isDue(curve)) return { prune: false };
    const step = lastStep(curve)!;

    let completed = 0;
    const peers: number[] = [];
    for (const peer of study.observed) {
      if (peer.state === 'INFEASIBLE' || peer.number === trial.number) continue;
      if (peer.state === 'COMPLETED') completed++;
      const peerCurve = peer.curves.get(metric);
      if ((lastStep(peerCurve) ?? -1) >= step) peers.push(valueBy(peerCurve!, step));
    }
    if (completed < this.#options.startupTrials || peers.length === 0) return { prune: false };

    const median = medianOf(peers, direction);
    const best = bestOf(curve, this.#compared);
    if (!isBetter(direction, median, best)) return { prune: false };
    const reason = Number.isNaN(best)
      ? `${metric} is not a number at any step up to ${step}; the median of ${peers.length} trials is ${showNumber(median)}`
      : `${metric} ${showNumber(best)} by step ${step} is ${worseThan(direction)} the median ${showNumber(median)} of ${peers.length} trials`;
    return { prune: true, reason };
  }

  /** Whether a check falls on the latest report or between it and the one before. */
  #isDue({ steps }: Curve): boolean {
    const { warmupSteps, interval } = this.#options;
    const checksBy = (step: number): number => Math.floor((step - warmupSteps) / interval) + 1;
    const latest = steps.at(-1);
    if (latest === undefined || latest < warmupSteps) return false;
    const before = steps.at(-2);
    return before === undefined || before < warmupSteps || checksBy(latest) > checksBy(before);
  }
}

/** The best value of a curve; NaN where all are. */
function bestOf(curve: Curve, { direction }: PrunedMetric): number {
  return curve.values.reduce((best, value) => (isBetter(direction, value, best) ? value : best), Number.NaN);
}

/** The middle value, or the mean of the two; NaN counts as the worst and so may be in the middle. */
function medianOf(values: readonly number[], direction: Direction): number {
  const bestFirst = values.toSorted((a, b) =>
    isBetter(direction, a, b) ? -1 : isBetter(direction, b, a) ? 1 : 0,
  );
  const middle = bestFirst.length >>> 1;
  return bestFirst.length % 2 === 1 ? bestFirst[middle]! : (bestFirst[middle - 1]! + bestFirst[middle]!) / 2;
}
