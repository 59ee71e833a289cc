import type { JsonObject } from '../../core/json.ts';

/** Early stopping: counts looks at a value since its least; one that is no number is no gain. */
export class Patience {
  readonly #limit: number | undefined;
  #least: number | null;
  #withoutGain: number;

  /**
   * @param limit looks without a gain after which it is over; undefined: never
   * @param saved the `state` of an earlier attempt
   */
  constructor(limit: number | undefined, saved: JsonObject = {}) {
    this.#limit = limit;
    this.#least = (saved.least as number | null | undefined) ?? null;
    this.#withoutGain = (saved.withoutGain as number | undefined) ?? 0;
  }

  get withoutGain(): number {
    return this.#withoutGain;
  }

  /** What goes into a checkpoint. */
  get state() {
    return { least: this.#least, withoutGain: this.#withoutGain };
  }

  /** Looks at the next value. @returns whether it is over */
  isOverAfter(value: number): boolean {
    const isBetter = this.#least === null || value < this.#least;
    if (isBetter) this.#least = value;
    this.#withoutGain = isBetter ? 0 : this.#withoutGain + 1;
    return this.#limit !== undefined && this.#withoutGain >= this.#limit;
  }
}
