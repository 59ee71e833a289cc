import type { Pool } from 'pg';
import { Burst } from './burst.ts';
import { compactStep } from './compact-metrics.ts';
import { settleAll } from './metric-journal.ts';

const idleMs = 2_000;
/** After a step the database and the processor are left to others for this many times as long as the step took. */
const restFactor = 4;
/** Merging a point costs both cores about half of what storing it does, so it waits for the end of a burst, but not for ever. */
const maxBurstMs = 30_000;
/** Space of removed chunks that is worth to be given back at once. */
const chunksBeforeVacuum = 5_000;
/** The journal is looked through by every read, so what is gone from there must not stay long. */
const commitsBeforeVacuum = 2_000;

/** Writes what is in the journal to its series, and merges chunks, in the background, a bounded step at a time. */
export class MetricCompactor {
  readonly #pool: Pool;
  readonly #storingMs: () => number;
  readonly #burst: Burst;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #step: Promise<void> | null = null;
  #removed = 0;
  #settled = 0;
  #isClosed = false;

  /** @param storingMs how long reports have been being stored since the start, in milliseconds */
  constructor(pool: Pool, storingMs: () => number, onError: (error: unknown) => void) {
    this.#pool = pool;
    this.#storingMs = storingMs;
    this.#burst = new Burst(maxBurstMs, performance.now(), storingMs());
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
      this.#settled += await settleAll(this.#pool);
      if (this.#settled >= commitsBeforeVacuum) {
        this.#settled = 0;
        await this.#pool.query('VACUUM metric_journal');
      }
      if (!this.#burst.goesFirst(start, this.#storingMs())) removed = await compactStep(this.#pool);
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
