import type { Logger } from '../core/logger.ts';

/** Pruners need not know of others' points sooner, and reading them costs the database more than storing them. */
const pauseMs = 500;

/** Studies of which other servers have stored points: each is looked at, and then left alone for a moment. */
export class ForeignCurves {
  readonly #read: (studyId: number) => Promise<void>;
  readonly #log: Logger;
  readonly #stored = new Set<number>();
  readonly #reading = new Map<number, Promise<void>>();
  readonly #pauses = new Map<number, NodeJS.Timeout>();
  #isClosed = false;

  /** @param read takes in what is new of a study */
  constructor(read: (studyId: number) => Promise<void>, log: Logger) {
    this.#read = read;
    this.#log = log;
  }

  add(studyId: number): void {
    if (this.#isClosed) return;
    this.#stored.add(studyId);
    if (!this.#reading.has(studyId) && !this.#pauses.has(studyId)) this.#look(studyId);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    await Promise.all(this.#reading.values());
  }

  #look(studyId: number): void {
    if (this.#isClosed || !this.#stored.delete(studyId)) return;
    const reading = this.#read(studyId)
      // The next points bring them as well.
      .catch((error) =>
        this.#log.warn({ study: studyId, err: error }, 'points of another server could not be read'),
      )
      .finally(() => {
        this.#reading.delete(studyId);
        if (!this.#isClosed) this.#pause(studyId);
      });
    this.#reading.set(studyId, reading);
  }

  #pause(studyId: number): void {
    const pause = setTimeout(() => {
      this.#pauses.delete(studyId);
      this.#look(studyId);
    }, pauseMs);
    this.#pauses.set(studyId, pause);
  }
}
