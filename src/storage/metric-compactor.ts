import type { Pool } from 'pg';
import { compactStep } from './compact-metrics.ts';

const idleMs = 2_000;
/** After a step the database and the processor are left to others for this many times as long as the step took. */
const restFactor = 4;
/** Space of removed chunks that is worth to be given back at once. */
const chunksBeforeVacuum = 5_000;

/** Merges chunks in the background, a bounded step at a time. */
export class MetricCompactor {
  readonly #pool: Pool;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #step: Promise<void> | null = null;
  #removed = 0;
  #isClosed = false;

  constructor(pool: Pool, onError: (error: unknown) => void) {
    this.#pool = pool;
    this.#onError = onError;
  }

  start(): void {
    this.#schedule(idleMs);
  }

  /** Waits for the step that is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#step;
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#step = this.#run();
    }, delayMs);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    const start = performance.now();
    let removed = 0;
    try {
      removed = await compactStep(this.#pool);
      this.#removed += removed;
      if (removed === 0 && this.#removed >= chunksBeforeVacuum) {
        this.#removed = 0;
        await this.#pool.query('VACUUM metric_chunk');
      }
    } catch (error) {
      this.#onError(error);
    }
    this.#schedule(Math.max(removed === 0 ? idleMs : 0, (performance.now() - start) * restFactor));
  }
}
