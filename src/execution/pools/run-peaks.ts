/**
 * The peak of each run of a host. Where runs are interleaved the backend tells only what they had together: then a run
 * has a peak of its own only if it was alone from its start to its end.
 */
export class RunPeaks {
  readonly #take: () => number | null;
  readonly #running = new Set<number>();
  readonly #shared = new Set<number>();

  /** @param take `takePeakBytes` of the backend */
  constructor(take: () => number | null) {
    this.#take = take;
  }

  started(run: number): void {
    this.#running.add(run);
    if (this.#running.size === 1) this.#take();
    else for (const other of this.#running) this.#shared.add(other);
  }

  /** @returns the run's peak in bytes; null where it cannot be told from that of others */
  ended(run: number): number | null {
    const peak = this.#take();
    this.#running.delete(run);
    return this.#shared.delete(run) ? null : peak;
  }
}
