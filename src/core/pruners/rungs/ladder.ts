import { firstFrom, lastStep } from '../../curve.ts';
import type { Losses } from '../../pareto/losses.ts';
import type { TrialView } from '../../trial.ts';
import { type PrunedMetric, toLoss } from '../pruned-metric.ts';
import type { TrialIndex } from '../study-index.ts';
import { FrontRanking } from './front-ranking.ts';
import { LossRanking } from './loss-ranking.ts';
import type { Ranking } from './ranking.ts';

/** Where the rungs of successive halving are: at minResource * reductionFactor^k, below maxResource. */
export interface RungPlan {
  /** The step of the lowest rung. */
  readonly minResource: number;
  /** A trial that comes so far is done, so no rung is there. */
  readonly maxResource: number;
  /** eta: how many times further the next rung is, and one in how many trials goes on from a rung. */
  readonly reductionFactor: number;
}

/** The number of the highest rung at or below a step; -1 below the lowest. */
export function highestRung({ minResource, maxResource, reductionFactor }: RungPlan, step: number): number {
  let rung = -1;
  for (let at = minResource; at <= step && at < maxResource; at *= reductionFactor) rung++;
  return rung;
}

export function rungStep({ minResource, reductionFactor }: RungPlan, rung: number): number {
  let step = minResource;
  for (let k = 0; k < rung; k++) step *= reductionFactor;
  return step;
}

/** The step that all metrics have reached, or undefined before each has a point. */
export function commonStep(compared: readonly PrunedMetric[], trial: TrialView): number | undefined {
  let common: number | undefined;
  for (const { metric } of compared) {
    const step = lastStep(trial.curves.get(metric));
    if (step === undefined) return undefined;
    common = Math.min(common ?? step, step);
  }
  return common;
}

/**
 * The rungs of successive halving and the trials on each, ranked. A trial is on every rung that it has reached, with its
 * first values at or after it; one that failed, was cancelled or is infeasible is on none.
 */
export class Ladder implements TrialIndex {
  readonly #compared: readonly PrunedMetric[];
  readonly #plan: RungPlan;
  readonly #rungs: Ranking[] = [];
  /** The losses of a trial on each rung that it is on. */
  readonly #climbed = new Map<number, Losses[]>();
  /** Paused trials by the highest rung they are on. */
  readonly #paused: Set<number>[] = [];
  readonly #pausedAt = new Map<number, number>();

  constructor(compared: readonly PrunedMetric[], plan: RungPlan) {
    this.#compared = compared;
    this.#plan = plan;
  }

  get height(): number {
    return this.#rungs.length;
  }

  size(rung: number): number {
    return this.#rungs[rung]?.size ?? 0;
  }

  /** How many trials go on from a rung: one in `reductionFactor`. */
  places(rung: number): number {
    return Math.floor(this.size(rung) / this.#plan.reductionFactor);
  }

  /** What a trial has on a rung that it is on. */
  losses(trialNumber: number, rung: number): Losses | undefined {
    return this.#climbed.get(trialNumber)?.[rung];
  }

  /** How many trials on a rung are strictly better than one of them. */
  countBetter(trialNumber: number, rung: number): number {
    return this.#rungs[rung]!.countBetter(trialNumber, this.losses(trialNumber, rung)!);
  }

  /** Whether a trial is among those that go on from a rung; never one without a number. */
  isPromotable(trialNumber: number, rung: number): boolean {
    const losses = this.losses(trialNumber, rung)!;
    const places = this.places(rung);
    if (losses.every(Number.isNaN) || this.countBetter(trialNumber, rung) >= places) return false;
    for (const best of this.#rungs[rung]!.best(places)) if (best === trialNumber) return true;
    return false;
  }

  /** The best trial that is paused on a rung and among the best `places` there. */
  bestPaused(rung: number, places: number): number | null {
    const paused = this.#paused[rung];
    if (paused === undefined || paused.size === 0) return null;
    for (const trialNumber of this.#rungs[rung]!.best(places)) {
      if (paused.has(trialNumber) && !this.losses(trialNumber, rung)!.every(Number.isNaN)) return trialNumber;
    }
    return null;
  }

  update(trial: TrialView): void {
    const isOut = trial.state === 'INFEASIBLE' || trial.state === 'FAILED' || trial.state === 'CANCELLED';
    const now = isOut ? [] : this.#climb(trial);
    const before = this.#climbed.get(trial.number) ?? [];
    for (let rung = 0; rung < Math.max(now.length, before.length); rung++) {
      const [old, next] = [before[rung], now[rung]];
      if (old !== undefined && next !== undefined && equal(old, next)) continue;
      if (old !== undefined) this.#rungs[rung]!.delete(trial.number, old);
      if (next === undefined) continue;
      this.#rung(rung).add(trial.number, next);
    }
    if (now.length === 0) this.#climbed.delete(trial.number);
    else this.#climbed.set(trial.number, now);
    this.#notePause(trial, now.length - 1);
  }

  #rung(rung: number): Ranking {
    const known = this.#rungs[rung];
    if (known !== undefined) return known;
    const made = this.#compared.length === 1 ? new LossRanking() : new FrontRanking();
    this.#rungs[rung] = made;
    return made;
  }

  #notePause(trial: TrialView, rung: number): void {
    const before = this.#pausedAt.get(trial.number);
    if (before !== undefined) this.#paused[before]!.delete(trial.number);
    if (!trial.paused || rung < 0) {
      this.#pausedAt.delete(trial.number);
      return;
    }
    const paused = this.#paused[rung] ?? new Set();
    this.#paused[rung] = paused.add(trial.number);
    this.#pausedAt.set(trial.number, rung);
  }

  #climb(trial: TrialView): Losses[] {
    const step = commonStep(this.#compared, trial);
    if (step === undefined) return [];
    const curves = this.#compared.map(({ metric, direction }) => ({
      direction,
      curve: trial.curves.get(metric)!,
    }));
    const { minResource, maxResource, reductionFactor } = this.#plan;
    const climbed: Losses[] = [];
    for (let at = minResource; at <= step && at < maxResource; at *= reductionFactor) {
      climbed.push(
        curves.map(({ curve, direction }) => toLoss(direction, curve.values[firstFrom(curve.steps, at)]!)),
      );
    }
    return climbed;
  }
}

function equal(a: Losses, b: Losses): boolean {
  return a.every((loss, i) => Object.is(loss, b[i]));
}
