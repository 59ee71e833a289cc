import type { Logger } from '../core/logger.ts';
import type { LiveStudies } from './live-studies.ts';
import type { StudyLife } from './study-life.ts';

const checkEveryMs = 1000;

/** Ends running studies whose stop rules hold. */
export class StopRuleWatch {
  readonly #studyLife: StudyLife;
  readonly #live: LiveStudies;
  readonly #log: Logger;
  readonly #onFault: (studyId: number) => void;
  readonly #looking = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  /** @param onFault is told of a study whose rules could not be looked at */
  constructor(studyLife: StudyLife, live: LiveStudies, log: Logger, onFault: (studyId: number) => void) {
    this.#studyLife = studyLife;
    this.#live = live;
    this.#log = log;
    this.#onFault = onFault;
  }

  start(): void {
    this.#timer = setInterval(() => this.#lookAtTimes(), checkEveryMs);
  }

  /** Resolves when no study is being ended any more. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#looking);
  }

  /** Looks at a study to which something has happened. */
  look(studyId: number): void {
    const looking = this.#studyLife
      .stopIfDone(studyId)
      .catch((error) => {
        this.#log.error({ study: studyId, err: error }, 'stop rules could not be checked; trying again');
        this.#onFault(studyId);
      })
      .finally(() => this.#looking.delete(looking));
    this.#looking.add(looking);
  }

  /** Time passes without any commit, so the rules about it are looked at by the clock. */
  #lookAtTimes(): void {
    for (const { study } of this.#live.loaded) {
      const { timeoutSeconds, deviceSeconds } = study.stopRules;
      if (study.state === 'RUNNING' && (timeoutSeconds ?? deviceSeconds) !== undefined) this.look(study.id);
    }
  }
}
