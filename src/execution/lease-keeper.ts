import type { Logger } from '../core/logger.ts';
import type { DatabaseClock } from '../storage/database-clock.ts';
import type { TrialRecord } from '../storage/records.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import type { TrialLife } from './trial-life.ts';
import type { TrialRun } from './trial-run.ts';

/** How long trials of this process are leased for, and how often that is renewed. */
export const ownLeaseMs = 15_000;
const renewEveryMs = 5_000;
const sweepEveryMs = 1_000;

/** Renews the leases of this process's trials, and takes back every trial of the database whose lease has ended. */
export class LeaseKeeper {
  readonly #trials: TrialStore;
  readonly #life: TrialLife;
  readonly #clock: DatabaseClock;
  readonly #log: Logger;
  readonly #ownRuns: () => readonly TrialRun[];
  #timers: NodeJS.Timeout[] = [];
  #underWay = new Set<Promise<void>>();

  constructor(
    trials: TrialStore,
    life: TrialLife,
    clock: DatabaseClock,
    log: Logger,
    ownRuns: () => readonly TrialRun[],
  ) {
    this.#trials = trials;
    this.#life = life;
    this.#clock = clock;
    this.#log = log;
    this.#ownRuns = ownRuns;
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#track(this.#renew()), renewEveryMs),
      setInterval(() => this.#track(this.sweep()), sweepEveryMs),
    ];
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#underWay);
  }

  /** Takes back trials whose lease has ended. */
  async sweep(): Promise<void> {
    await this.#clock.look();
    const now = this.#clock.now();
    // What runs here is not lost, though nobody could renew its lease while the database was away.
    const own = new Map(this.#ownRuns().map(({ trial: { id, attempt } }) => [id, attempt]));
    const isLost = ({ id, attempt, leaseUntil }: TrialRecord): boolean =>
      leaseUntil !== null && leaseUntil < now && own.get(id) !== attempt;
    for (const [studyId, ids] of byStudy(await this.#trials.withEndedLease(now))) {
      await this.#life.takeBack(studyId, ids, isLost, 'Its worker stopped renewing the lease');
    }
  }

  /** Takes back at once what this server ran before it was last killed. */
  async takeBack(worker: string): Promise<void> {
    const isLost = (trial: TrialRecord): boolean => trial.worker === worker;
    for (const [studyId, ids] of byStudy(await this.#trials.runningOn(worker))) {
      await this.#life.takeBack(studyId, ids, isLost, 'The server that ran it was killed');
    }
  }

  async #renew(): Promise<void> {
    const runs = this.#ownRuns();
    if (runs.length === 0) return;
    const leases = runs.map(({ trial: { id, attempt } }) => ({ id, attempt }));
    const kept = await this.#trials.renewLeases(leases, new Date(this.#clock.now().getTime() + ownLeaseMs));
    const byId = new Map(kept.map((trial) => [trial.id, trial]));
    for (const run of runs) {
      const trial = byId.get(run.trial.id);
      if (trial === undefined) run.abandon();
      // Asked for at another server.
      else if (trial.held) run.pause();
    }
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error) => this.#log.error({ err: error }, 'leases could not be kept; trying again'))
      .finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }
}

function byStudy(trials: readonly Pick<TrialRecord, 'id' | 'studyId'>[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const { id, studyId } of trials) groups.set(studyId, [...(groups.get(studyId) ?? []), id]);
  return groups;
}
