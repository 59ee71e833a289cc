/** Work of which at least this share of the time goes to storing reports is a burst of them. */
const burstShare = 0.5;

/**
 * Tells background work when to give way to a burst of reports: while the store spends most of its time on them, but not
 * for longer than a while, so that what was put off stays bounded.
 */
export class Burst {
  readonly #maxMs: number;
  #last: { readonly now: number; readonly storingMs: number };
  #sinceMs: number | null = null;

  /** @param maxMs how long a burst is given way to */
  constructor(maxMs: number, now: number, storingMs: number) {
    this.#maxMs = maxMs;
    this.#last = { now, storingMs };
  }

  /**
   * Whether to give way, by what happened since the last look.
   * @param now milliseconds, of a clock that does not go back
   * @param storingMs how long the store has been storing in all, by the same clock
   */
  goesFirst(now: number, storingMs: number): boolean {
    const { now: before, storingMs: storedBefore } = this.#last;
    const isBurst = now > before && (storingMs - storedBefore) / (now - before) >= burstShare;
    this.#last = { now, storingMs };
    if (!isBurst) this.#sinceMs = null;
    else this.#sinceMs ??= before;
    return this.#sinceMs !== null && now - this.#sinceMs <= this.#maxMs;
  }
}
