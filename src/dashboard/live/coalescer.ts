/** A task is repeated at the earliest after so many times as long as it took: a slow server is not asked without end. */
const restFactor = 3;

/** Runs a task soon after it was asked for, once for many requests, never twice at a time. */
export class Coalescer {
  readonly #task: () => Promise<unknown>;
  readonly #waitMs: number;
  #restMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRunning = false;
  #isAskedFor = false;
  #isClosed = false;

  /** @param waitMs how long requests are gathered at least */
  constructor(task: () => Promise<unknown>, waitMs: number) {
    this.#task = task;
    this.#waitMs = waitMs;
  }

  request(): void {
    if (this.#isClosed) return;
    this.#isAskedFor = true;
    if (this.#isRunning || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#run(), Math.max(this.#waitMs, this.#restMs));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    this.#isAskedFor = false;
    this.#isRunning = true;
    const start = performance.now();
    try {
      await this.#task();
    } catch {
      // The task tells its errors itself; a later request tries again.
    } finally {
      this.#isRunning = false;
      this.#restMs = (performance.now() - start) * restFactor;
    }
    if (this.#isAskedFor) this.request();
  }
}
