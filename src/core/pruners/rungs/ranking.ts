import type { Losses } from '../../pareto/losses.ts';

/** The trials on a rung, ranked as they come and go. */
export interface Ranking {
  readonly size: number;
  /** Adds a trial that is not there. */
  add(trialNumber: number, losses: Losses): void;
  /** Removes a trial that is there with these losses. */
  delete(trialNumber: number, losses: Losses): void;
  /** How many trials are strictly better than one that is there; those that tie with it are not. */
  countBetter(trialNumber: number, losses: Losses): number;
  /** The best `count` trials, best first; ties by number, the first trial first. */
  best(count: number): Iterable<number>;
}
