import { CallerError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import type { TrialLife } from './trial-life.ts';

const tickMs = 1000;

/** What happens to trials by the passing of time: they run for too long, or their next attempt is due. */
export class TrialClock {
  readonly #trials: TrialStore;
  readonly #life: TrialLife;
  readonly #now: () => Date;
  readonly #log: Logger;
  readonly #onDue: (studyId: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #tick: Promise<void> | null = null;

  /** @param onDue is called with each study that has a trial to start again */
  constructor(
    trials: TrialStore,
    life: TrialLife,
    now: () => Date,
    log: Logger,
    onDue: (studyId: number) => void,
  ) {
    this.#trials = trials;
    this.#life = life;
    this.#now = now;
    this.#log = log;
    this.#onDue = onDue;
  }

  start(): void {
    this.#timer = setInterval(() => {
      // One that takes long is not joined by a second.
      this.#tick ??= this.#look(this.#now())
        .catch((error) => this.#log.error({ err: error }, 'trials could not be looked at; trying again'))
        .finally(() => {
          this.#tick = null;
        });
    }, tickMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#tick;
  }

  async #look(now: Date): Promise<void> {
    for (const studyId of await this.#trials.studiesWithDueRetries(now)) this.#onDue(studyId);
    for (const { id: trialId, attempt, trialTimeoutSeconds } of await this.#trials.overdue(now)) {
      const limit = trialTimeoutSeconds === null ? '' : ` of ${trialTimeoutSeconds} s`;
      const error = `It ran for longer than it may: trialTimeoutSeconds${limit}.`;
      await this.#life
        // It would run for as long again.
        .tell({ trialId, attempt, state: 'FAILED', error, retry: false })
        .catch((fault) => {
          // It has just ended by itself.
          if (!(fault instanceof CallerError)) throw fault;
        });
    }
  }
}
