import type { Logger } from '../core/logger.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { Database } from '../storage/database.ts';
import type { DeletedStudies } from '../storage/deleted-studies.ts';
import { deleteOldEvents } from '../storage/event-retention.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { TrialArtifacts } from './trial-artifacts.ts';

const tidyEveryMs = 60_000;
const collectEveryMs = 3_600_000;

/**
 * Tidies up in the background, in small steps: removes what deleted studies have left, and events, checkpoints and
 * files that are not kept any more. At the start it goes on where a killed server ended.
 */
export class Housekeeper {
  readonly #database: Database;
  readonly #deleted: DeletedStudies;
  readonly #artifacts: TrialArtifacts;
  readonly #checkpoints: Checkpoints;
  readonly #eventsPerStudy: number;
  readonly #bus: EventBus;
  readonly #log: Logger;
  #ends: (() => void)[] = [];
  #tidying: Promise<void> | null = null;
  #isWanted = false;
  #isClosed = false;
  #collectedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: {
    database: Database;
    deleted: DeletedStudies;
    artifacts: TrialArtifacts;
    checkpoints: Checkpoints;
    /** Events that each study keeps. */
    eventsPerStudy: number;
    bus: EventBus;
    log: Logger;
  }) {
    this.#database = parts.database;
    this.#deleted = parts.deleted;
    this.#artifacts = parts.artifacts;
    this.#checkpoints = parts.checkpoints;
    this.#eventsPerStudy = parts.eventsPerStudy;
    this.#bus = parts.bus;
    this.#log = parts.log;
  }

  start(): void {
    const timer = setInterval(() => this.wake(), tidyEveryMs);
    this.#ends = [() => clearInterval(timer), this.#bus.subscribe('studyDeleted', () => this.wake())];
    this.wake();
  }

  /** Ends after the step that is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const end of this.#ends) end();
    await this.#tidying;
  }

  /** Looks for something to do, now. */
  wake(): void {
    this.#isWanted = true;
    this.#tidying ??= this.#tidy().finally(() => {
      this.#tidying = null;
    });
  }

  async #tidy(): Promise<void> {
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      try {
        await this.#removeDeletedStudies();
        while (!this.#isClosed && (await deleteOldEvents(this.#database.pool, this.#eventsPerStudy)) > 0);
        while (!this.#isClosed && (await this.#checkpoints.dropSome()) > 0);
        await this.#collectGarbage();
      } catch (error) {
        this.#log.error({ err: error }, 'could not tidy up; trying again later');
      }
    }
  }

  async #removeDeletedStudies(): Promise<void> {
    for (const studyId of await this.#deleted.ids()) {
      for (let isDone = false; !isDone && !this.#isClosed; ) {
        const step = await this.#deleted.removeSome(studyId);
        await this.#artifacts.release(step.sha256s);
        isDone = step.isDone;
      }
    }
  }

  async #collectGarbage(): Promise<void> {
    if (this.#isClosed || performance.now() - this.#collectedAt < collectEveryMs) return;
    this.#collectedAt = performance.now();
    await this.#artifacts.collectGarbage();
  }
}
