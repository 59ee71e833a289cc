import { CallerError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';

/** Studies that other servers have changed: each is looked at, once more if it changes meanwhile. */
export class ForeignChanges {
  readonly #look: (studyId: number) => Promise<void>;
  readonly #log: Logger;
  readonly #changed = new Set<number>();
  readonly #looking = new Map<number, Promise<void>>();
  #isClosed = false;

  /** @param look brings this server up to date with the study as it is stored */
  constructor(look: (studyId: number) => Promise<void>, log: Logger) {
    this.#look = look;
    this.#log = log;
  }

  add(studyId: number): void {
    if (this.#isClosed) return;
    this.#changed.add(studyId);
    if (this.#looking.has(studyId)) return;
    const looking = this.#lookAt(studyId).finally(() => this.#looking.delete(studyId));
    this.#looking.set(studyId, looking);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#looking.values());
  }

  async #lookAt(studyId: number): Promise<void> {
    while (!this.#isClosed && this.#changed.delete(studyId)) {
      try {
        await this.#look(studyId);
      } catch (error) {
        if (error instanceof CallerError && error.code === 'NOT_FOUND') return;
        // Its trials learn of it by their leases, and free slots by the next change.
        this.#log.warn({ study: studyId, err: error }, 'a change of another server could not be looked at');
      }
    }
  }
}
