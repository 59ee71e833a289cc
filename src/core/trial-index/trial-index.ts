import type { StudyProblem } from '../study.ts';
import type { TrialView } from '../trial.ts';
import { CoordinateTable } from './coordinate-table.ts';
import { LeadingFronts } from './leading-fronts.ts';
import { OrderedNumbers } from './ordered-numbers.ts';
import { standingOf, tiers } from './standing.ts';
import { StandingTable } from './standing-table.ts';

/** Some trials that stand for more: each for `weights[i]` trials, itself among them. */
export interface WeightedTrials {
  readonly numbers: readonly number[];
  readonly weights: Float64Array;
}

/**
 * What a sampler needs of a study's trials without looking at all of them: where the observed and the running ones
 * lie, and which are best. A changed trial costs O(parameters + log n). What it answers depends on what the trials
 * are, never on the order in which they came or changed; among equals a hash of their coordinates decides.
 */
export class TrialIndex {
  readonly coordinates: CoordinateTable;
  readonly #problem: StudyProblem;
  readonly #standings: StandingTable;
  readonly #observed = new Set<number>();
  readonly #running = new Set<number>();
  /** The observed trials, as good as shuffled: its beginning is a sample of them. */
  readonly #shuffled: OrderedNumbers;
  /** The observed trials from best to worst; with several objectives, without those in `#fronts`. */
  readonly #ordered: OrderedNumbers;
  /** With several objectives, the trials with results. */
  readonly #fronts: LeadingFronts | null;

  constructor(problem: StudyProblem) {
    const { objectives, space } = problem;
    this.#problem = problem;
    this.coordinates = new CoordinateTable(space);
    this.#standings = new StandingTable(objectives.length);
    const byHash = (a: number, b: number): number => this.coordinates.compareByHash(a, b);
    const bestFirst = (a: number, b: number): number => this.#standings.compare(a, b) || byHash(a, b);
    this.#shuffled = new OrderedNumbers(byHash);
    this.#ordered = new OrderedNumbers(bestFirst);
    this.#fronts =
      objectives.length > 1 ? new LeadingFronts(this.#standings, objectives.length, bestFirst) : null;
  }

  /** How many trials have ended with something to learn from. */
  get observedCount(): number {
    return this.#observed.size;
  }

  /** Adds a trial, or replaces what is known of it. */
  change(trial: TrialView): void {
    const { number, state } = trial;
    this.#forget(number);
    const isObserved = state === 'COMPLETED' || state === 'PRUNED' || state === 'INFEASIBLE';
    if (!isObserved && state !== 'RUNNING') return;
    this.coordinates.insert(number, trial.params);
    if (!isObserved) {
      this.#running.add(number);
      return;
    }
    this.#standings.set(number, standingOf(this.#problem, trial));
    this.#observed.add(number);
    this.#shuffled.insert(number);
    this.#orderOf(number).insert(number);
  }

  /**
   * The numbers of the `count` best trials, best first: by their standing; of several objectives front by front, and of
   * the front that does not fit those that dominate most volume together. Trials without a number to go by are never
   * among them.
   */
  best(count: number): number[] {
    const best = this.#fronts === null ? [] : [...this.#fronts.best(count)];
    for (const number of this.#ordered.first(count - best.length)) {
      if (this.#standings.tier(number) !== tiers.silent) best.push(number);
    }
    return best;
  }

  /**
   * The observed trials but for the `best`, and the running ones. Where the former are more than `limit`, these stand
   * for all: the quarter that comes next in standing, for itself, and a fixed sample of the others, for all others.
   */
  others(best: readonly number[], limit: number): WeightedTrials {
    const others = this.#observed.size - best.length;
    const left = new Set(best);
    const near = others <= limit ? [] : this.#next(best, Math.floor(limit / 4));
    for (const number of near) left.add(number);
    const sample: number[] = [];
    const sampleSize = Math.min(others, limit) - near.length;
    for (const number of this.#shuffled) {
      if (sample.length === sampleSize) break;
      if (!left.has(number)) sample.push(number);
    }
    const running = [...this.#running].sort((a, b) => this.coordinates.compareByHash(a, b));
    const numbers = [...near, ...sample, ...running];
    const weights = new Float64Array(numbers.length).fill(1);
    if (others > limit) {
      weights.fill((others - near.length) / sampleSize, near.length, near.length + sampleSize);
    }
    return { numbers, weights };
  }

  /** The trials behind the best ones. */
  #next(best: readonly number[], count: number): number[] {
    const known = new Set(best);
    const first = this.#fronts?.first(best.length + count) ?? [];
    first.push(...this.#ordered.first(best.length + count - first.length));
    return first.filter((number) => !known.has(number)).slice(0, count);
  }

  #forget(number: number): void {
    if (this.#running.delete(number)) {
      this.coordinates.delete(number);
    } else if (this.#observed.delete(number)) {
      this.#shuffled.delete(number);
      this.#orderOf(number).delete(number);
      this.coordinates.delete(number);
    }
  }

  #orderOf(number: number): OrderedNumbers | LeadingFronts {
    const isOnFront = this.#fronts !== null && this.#standings.tier(number) === tiers.result;
    return isOnFront ? this.#fronts! : this.#ordered;
  }
}
