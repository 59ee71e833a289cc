import type { Params, SearchSpace } from '../search-space/space.ts';
import type { StudyView } from '../study-view.ts';
import { settingKey } from './settings-of.ts';

/**
 * Which settings of a list no trial of a study has yet. Every trial counts, also one that failed, was cancelled or
 * waits with all its parameters fixed. Follows the study: a look costs what has changed since the last.
 */
export class UntriedSettings {
  readonly #space: SearchSpace;
  /** In the order in which they are to be tried. */
  readonly #settings: readonly Params[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #isTried: Uint8Array;
  #tried = 0;
  /** All before it are tried. */
  #first = 0;
  /** Trials below this number have been looked at. */
  #nextTrial = 0;
  /** Those of them that waited with some parameters open. */
  #open: number[] = [];

  constructor(space: SearchSpace, settings: readonly Params[]) {
    this.#space = space;
    this.#settings = settings;
    this.#places = new Map(settings.map((params, place) => [settingKey(space, params)!, place]));
    this.#isTried = new Uint8Array(settings.length);
  }

  count(study: StudyView): number {
    this.#follow(study);
    return this.#settings.length - this.#tried;
  }

  /** The first of them; undefined where all are tried. */
  first(study: StudyView): Params | undefined {
    this.#follow(study);
    while (this.#isTried[this.#first] === 1) this.#first++;
    return this.#settings[this.#first];
  }

  #follow({ trials }: StudyView): void {
    this.#open = this.#open.filter((number) => !this.#look(number, trials));
    // Numbers are dense.
    for (; this.#nextTrial < trials.size; this.#nextTrial++) {
      if (!this.#look(this.#nextTrial, trials)) this.#open.push(this.#nextTrial);
    }
  }

  /** False for a trial whose parameters may still come. */
  #look(number: number, trials: StudyView['trials']): boolean {
    const trial = trials.get(number);
    if (trial === undefined) return false;
    const key = settingKey(this.#space, trial.params);
    const place = key === null ? undefined : this.#places.get(key);
    if (place !== undefined && this.#isTried[place] === 0) {
      this.#isTried[place] = 1;
      this.#tried++;
    }
    return key !== null || trial.state !== 'QUEUED';
  }
}
