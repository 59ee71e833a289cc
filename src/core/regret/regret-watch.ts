import type { StudyView } from '../study-view.ts';
import { regretBound } from './regret-bound.ts';

/** Results from one look to the next: at least 5, and a tenth of all, so that all looks together stay cheap. */
const [fewestBetween, shareBetween] = [5, 0.1];

/**
 * The regret bound of a study as its trials end: the larger one of its last two looks, as a process that is fitted to a
 * few trials may be wrong. Between looks the last ones stand: a best trial only gets better.
 */
export class RegretWatch {
  readonly #seed: number;
  #nextCount = 0;
  #last: number | null = null;
  #bound: number | null = null;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Null before the second look, the first of which is at `startupTrials` results, and where there is no bound. */
  bound(study: StudyView, startupTrials: number): number | null {
    const count = study.results.all.length;
    if (count < startupTrials) return null;
    if (count >= this.#nextCount) {
      const found = regretBound(study, this.#seed);
      this.#bound = found === null || this.#last === null ? null : Math.max(found, this.#last);
      this.#last = found;
      this.#nextCount = count + Math.max(fewestBetween, Math.ceil(count * shareBetween));
    }
    return this.#bound;
  }
}
