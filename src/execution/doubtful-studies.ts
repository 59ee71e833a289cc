import { setTimeout as sleep } from 'node:timers/promises';
import { CallerError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';

const retryMs = 500;

/**
 * Studies with a change of which nobody knows whether it was made, because the database went away meanwhile. Each is
 * looked at again until that works, so that nobody waits for news that were not told.
 */
export class DoubtfulStudies {
  readonly #look: (studyId: number) => Promise<void>;
  readonly #log: Logger;
  readonly #looking = new Map<number, Promise<void>>();
  readonly #closing = new AbortController();

  /** @param look brings everything up to date with the study as it is stored */
  constructor(look: (studyId: number) => Promise<void>, log: Logger) {
    this.#look = look;
    this.#log = log;
  }

  add(studyId: number): void {
    if (this.#looking.has(studyId) || this.#closing.signal.aborted) return;
    const looking = this.#lookUntilSeen(studyId).finally(() => this.#looking.delete(studyId));
    this.#looking.set(studyId, looking);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#looking.values());
  }

  async #lookUntilSeen(studyId: number): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // Before the look: doubts come in bursts, and the last of them must be seen too.
      await sleep(retryMs, undefined, { signal }).catch(() => {});
      try {
        return await this.#look(studyId);
      } catch (error) {
        if (error instanceof CallerError && error.code === 'NOT_FOUND') return;
        this.#log.warn({ study: studyId, err: error }, 'a study could not be looked at again; trying again');
      }
    }
  }
}
