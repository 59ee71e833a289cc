import { firstOwnBatch } from './own-batches.ts';
import { sendAgain } from './send-again.ts';
import type { LogEntry, TrialLog } from './trial-log.ts';

/** What may wait while the database is slow; a trial that logs more than that loses the middle of it. */
const maxWaiting = 10_000;

/** Carries the log of one attempt to the store: what arrives while a batch is under way goes into the next one. */
export class LogQueue {
  readonly #log: TrialLog;
  readonly #trialId: number;
  readonly #attempt: number;
  #waiting: LogEntry[] = [];
  #dropped = 0;
  #batch = firstOwnBatch;
  #sending: Promise<void> | null = null;
  #error: unknown = null;

  constructor(log: TrialLog, trial: { readonly id: number; readonly attempt: number }) {
    this.#log = log;
    this.#trialId = trial.id;
    this.#attempt = trial.attempt;
  }

  push(text: string): void {
    if (this.#error !== null) return;
    if (this.#waiting.length >= maxWaiting) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push({ time: Date.now(), text });
    this.#sending ??= this.#sendAll();
  }

  /** Resolves when all is stored; rejects when it could not be. */
  async drain(): Promise<void> {
    await this.#sending;
    if (this.#error !== null) throw this.#error;
  }

  async #sendAll(): Promise<void> {
    // Lines of the same turn of the event loop share a batch.
    await new Promise<void>((resolve) => setImmediate(resolve));
    try {
      while (this.#waiting.length > 0) {
        const entries = this.#waiting;
        this.#waiting = [];
        if (this.#dropped > 0) {
          entries.push({
            time: Date.now(),
            text: `... ${this.#dropped} more, faster than they can be stored`,
          });
          this.#dropped = 0;
        }
        const batch = this.#batch++;
        await sendAgain(() =>
          this.#log.report({ trialId: this.#trialId, attempt: this.#attempt, batch, entries }),
        );
      }
    } catch (error) {
      this.#error = error;
      this.#waiting = [];
    } finally {
      this.#sending = null;
    }
  }
}
