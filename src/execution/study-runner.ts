import { CallerError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { isFinal } from '../core/trial.ts';
import type { StudyRecord, TrialRecord } from '../storage/records.ts';
import type { StudyCommit } from '../storage/study-writer.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import type { DeviceNeed } from '../trainables/placed-device.ts';
import type { Trainable } from '../trainables/trainable.ts';
import type { Scheduler } from './devices/scheduler.ts';
import type { LiveStudies } from './live-studies.ts';
import type { LiveStudy } from './live-study.ts';
import { estimate } from './placing.ts';
import type { TrialLife } from './trial-life.ts';
import { type QueueEntry, readQueue } from './trial-queue.ts';
import type { ReportOutcome } from './trial-reports.ts';
import type { TrialRun } from './trial-run.ts';
import { type StarterParts, TrialStarter } from './trial-starter.ts';

const retryMs = 1000;

/** Keeps the devices of this process busy with the trials of running studies. */
export class StudyRunner {
  readonly #live: LiveStudies;
  readonly #trialLife: TrialLife;
  readonly #trainables: ReadonlyMap<string, Trainable>;
  readonly #scheduler: Scheduler;
  readonly #starter: TrialStarter;
  readonly #trials: TrialStore;
  readonly #worker: string;
  readonly #log: Logger;
  readonly #onChange: () => void;
  readonly #runs = new Map<number, TrialRun>();
  /** Running studies that may have a trial to start. */
  readonly #candidates = new Set<number>();
  #isStale = false;
  #filling: Promise<void> | null = null;
  #closed = false;

  constructor(
    parts: StarterParts & {
      /** Called when a trial starts or ends here. */
      readonly onChange: () => void;
    },
  ) {
    this.#live = parts.live;
    this.#trialLife = parts.trialLife;
    this.#trainables = parts.trainables;
    this.#scheduler = parts.scheduler;
    this.#trials = parts.trials;
    this.#worker = parts.worker;
    this.#log = parts.log;
    this.#onChange = parts.onChange;
    this.#starter = new TrialStarter(parts);
  }

  get runs(): readonly TrialRun[] {
    return [...this.#runs.values()];
  }

  /** Looks at a study again: it was started, has a new trial, or one of its trials has ended. */
  wake(studyId: number): void {
    this.#candidates.add(studyId);
    this.#fill();
  }

  /** What waits for a device of this process. */
  readQueue(): QueueEntry[] {
    const studies = [...this.#live.loaded].filter(
      ({ study }) => study.state === 'RUNNING' && this.#trainables.has(study.trainable ?? ''),
    );
    const queued = this.#sortByTurn(studies).map((live) => ({
      live,
      isCandidate: this.#candidates.has(live.study.id),
      whyNot: () => this.#scheduler.whyNot(live.study, this.#needOf(live)),
    }));
    return readQueue(queued, this.#scheduler.waiting);
  }

  /** Looks again at the studies of trials that wait: other programs may have given memory back, or a device is back. */
  wakeWaiting(): void {
    const { waiting } = this.#scheduler;
    if (waiting.length === 0 && this.#candidates.size === 0) return;
    for (const { studyId } of waiting) this.#candidates.add(studyId);
    this.#fill();
  }

  /** Reacts to a commit: stops what was cancelled or lost, starts what can start. */
  onCommit({ studyId, events, study }: StudyCommit): void {
    for (const { kind, trial } of events) {
      const run = trial === null ? undefined : this.#runs.get(trial.id);
      // Whoever has ended it, or given it back: where it was the run itself, it has nothing left to stop.
      if (run !== undefined && (isFinal(trial!.state) || kind === 'TRIAL_REQUEUED')) run.abandon();
      if (kind === 'TRIAL_PAUSING') run?.pause();
      if (trial === null) continue;
      if (run !== undefined && isFinal(trial.state)) this.#learn(trial, study);
      if (trial.state !== 'QUEUED' || trial.held) this.#scheduler.left(trial.id);
    }
    if (study.state === 'FINISHED') this.#scheduler.forget(studyId);
    if (study.state === 'PAUSED') this.#scheduler.studyLeft(studyId);
    if (study.state !== 'RUNNING') return;
    if (
      events.some(
        ({ kind, trial }) =>
          trial === null || isFinal(trial.state) || kind.endsWith('QUEUED') || kind === 'TRIAL_PAUSED',
      )
    ) {
      this.wake(studyId);
    }
  }

  /** Reacts to a change that another server has made to a study: as to a commit, by what has become of its trials. */
  async onForeignChange(study: StudyRecord): Promise<void> {
    const runs = this.runs.filter(({ trial }) => trial.studyId === study.id);
    const trials = await this.#trials.findMany(runs.map(({ trial }) => trial.id));
    runs.forEach((run, i) => {
      const trial = trials[i];
      if (trial?.state !== 'RUNNING' || trial.attempt !== run.trial.attempt) run.abandon();
      else if (trial.held) run.pause();
    });
    if (study.state === 'FINISHED') this.#scheduler.forget(study.id);
    if (study.state === 'PAUSED') this.#scheduler.studyLeft(study.id);
    if (study.state === 'RUNNING') this.wake(study.id);
  }

  /** Whether a trial that runs here can go on from a checkpoint; null where that is not known. */
  isResumable({ id, attempt }: TrialRecord): boolean | null {
    const run = this.#runs.get(id);
    return run?.trial.attempt === attempt ? run.isResumable : null;
  }

  /** Acts on what a report of a run was answered, also where its program has reported by itself. */
  onDecision({ id, attempt }: TrialRecord, outcome: ReportOutcome): void {
    const run = this.#runs.get(id);
    if (run?.trial.attempt === attempt) run.onDecision(outcome);
  }

  /** Stops all runs and gives their trials back to the queue. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#filling;
    const runs = this.runs;
    for (const run of runs) run.abandon();
    await Promise.all(runs.map((run) => run.done));
    await Promise.all(runs.map(({ trial }) => this.#giveBack(trial)));
  }

  async #giveBack({ id, studyId }: TrialRecord): Promise<void> {
    await this.#trialLife
      .giveBack(studyId, [id], this.#worker, 'The server was stopped')
      .catch((error) => this.#log.error({ trial: id, err: error }, 'a trial could not be given back'));
  }

  #fill(): void {
    if (this.#closed) return;
    this.#isStale = true;
    this.#filling ??= this.#startAll().finally(() => {
      this.#filling = null;
      // Something may have woken it after its last look.
      if (this.#isStale) this.#fill();
    });
  }

  async #startAll(): Promise<void> {
    while (this.#isStale && !this.#closed) {
      this.#isStale = false;
      for (
        let next = await this.#nextStudy();
        next !== null && !this.#closed;
        next = await this.#nextStudy()
      ) {
        await this.#startNext(next);
      }
      this.#onChange();
    }
  }

  async #startNext(studyId: number): Promise<void> {
    // Before the look: what wakes it meanwhile asks for another one.
    this.#candidates.delete(studyId);
    try {
      if (await this.#startTrial(studyId)) this.#candidates.add(studyId);
    } catch (error) {
      // The study was deleted.
      if (error instanceof CallerError && error.code === 'NOT_FOUND') return;
      // Others must not wait for it.
      this.#log.error({ study: studyId, err: error }, 'trials could not be started; trying again');
      this.#wakeLater(studyId);
    }
  }

  #wakeLater(studyId: number): void {
    setTimeout(() => this.wake(studyId), retryMs).unref();
  }

  /** Of the studies that may have a trial to start, and room for it, the first in turn. */
  async #nextStudy(): Promise<number | null> {
    for (const live of await this.#inTurn()) {
      if (this.#scheduler.hasRoom(live.study, this.#needOf(live))) return live.study.id;
    }
    return null;
  }

  #needOf({ study }: LiveStudy): DeviceNeed {
    return this.#trainables.get(study.trainable ?? '')?.runsOn(study.trainableOptions) ?? 'backend';
  }

  /** The candidates in their turn. */
  async #inTurn(): Promise<LiveStudy[]> {
    const lives: LiveStudy[] = [];
    for (const studyId of this.#candidates) {
      const live = await this.#live.get(studyId).catch((error) => this.#drop(studyId, error));
      if (live !== null) lives.push(live);
    }
    return this.#sortByTurn(lives);
  }

  /** The highest priority first, then those with the fewest running trials here. */
  #sortByTurn(lives: readonly LiveStudy[]): LiveStudy[] {
    const running = new Map<number, number>();
    for (const { trial } of this.#runs.values()) {
      running.set(trial.studyId, (running.get(trial.studyId) ?? 0) + 1);
    }
    const runs = ({ study }: LiveStudy): number => running.get(study.id) ?? 0;
    return [...lives].sort((a, b) => b.study.priority - a.study.priority || runs(a) - runs(b));
  }

  /** Does without a study that cannot be read, because it was deleted or for now. */
  #drop(studyId: number, error: unknown): null {
    this.#candidates.delete(studyId);
    if (error instanceof CallerError && error.code === 'NOT_FOUND') {
      this.#scheduler.forget(studyId);
      return null;
    }
    this.#log.error({ study: studyId, err: error }, 'a study could not be read; trying again');
    this.#wakeLater(studyId);
    return null;
  }

  /** @returns whether the study may have more to start */
  async #startTrial(studyId: number): Promise<boolean> {
    const outcome = await this.#starter.start(studyId, (run) => this.#follow(run));
    if (outcome === 'LATER') this.#wakeLater(studyId);
    return outcome === 'AGAIN';
  }

  #follow(run: TrialRun): void {
    const { id, studyId } = run.trial;
    this.#runs.set(id, run);
    this.#onChange();
    void run.done.then(() => {
      this.#runs.delete(id);
      this.#scheduler.ended(id);
      this.#onChange();
      this.wake(studyId);
      this.wakeWaiting();
    });
  }

  /** Takes in what a trial that ran here has used. */
  #learn(trial: TrialRecord, study: StudyRecord): void {
    const trainable = this.#trainables.get(study.trainable ?? '');
    if (trainable !== undefined) this.#scheduler.learn(trial, estimate(trainable, trial.params, study));
  }
}
