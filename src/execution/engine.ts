import type { Logger } from '../core/logger.ts';
import { defaultRetries } from '../core/retries.ts';
import { BusRelay } from '../events/bus-relay.ts';
import { EventBus } from '../events/event-bus.ts';
import type { FileStorage } from '../storage/artifacts/file-storage.ts';
import type { Database } from '../storage/database.ts';
import { DatabaseClock } from '../storage/database-clock.ts';
import { DeletedStudies } from '../storage/deleted-studies.ts';
import { MetricCompactor } from '../storage/metric-compactor.ts';
import type { MetricStore } from '../storage/metric-store.ts';
import { PostgresMetricStore } from '../storage/postgres-metric-store.ts';
import type { StudyRecord } from '../storage/records.ts';
import { StudyArchive } from '../storage/study-archive.ts';
import { StudyStore } from '../storage/study-store.ts';
import { type StudyCommit, StudyWriter } from '../storage/study-writer.ts';
import { TrialLogStore } from '../storage/trial-log-store.ts';
import { TrialStore } from '../storage/trial-store.ts';
import { type BackendOptions, sharedThreadBackends } from '../trainables/backends/backend.ts';
import { isCommand } from '../trainables/command/command.ts';
import type { Trainable } from '../trainables/trainable.ts';
import { StudyArchives } from './archive/study-archives.ts';
import { BestsSoFar } from './bests-so-far.ts';
import { Checkpoints } from './checkpoints.ts';
import type { ComputeDevice } from './devices/compute-device.ts';
import { DeviceBoard } from './devices/device-board.ts';
import { Scheduler } from './devices/scheduler.ts';
import { DoubtfulStudies } from './doubtful-studies.ts';
import { ForeignChanges } from './foreign-changes.ts';
import { ForeignCurves } from './foreign-curves.ts';
import { Housekeeper } from './housekeeper.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { LiveStudies } from './live-studies.ts';
import { CommandPool } from './pools/command-pool.ts';
import { ProcessPool } from './pools/process-pool.ts';
import { ThreadPool } from './pools/thread-pool.ts';
import { TrialPools } from './pools/trial-pools.ts';
import { ProcessGroups } from './processes/process-group.ts';
import { StopRuleWatch } from './stop-rule-watch.ts';
import { StudyLife } from './study-life.ts';
import { StudyRunner } from './study-runner.ts';
import { TrialArtifacts } from './trial-artifacts.ts';
import { TrialClock } from './trial-clock.ts';
import { TrialLife } from './trial-life.ts';
import { TrialLists } from './trial-lists.ts';
import { TrialLog } from './trial-log.ts';
import { TrialNotes } from './trial-notes.ts';
import { TrialPauses } from './trial-pauses.ts';
import type { QueueEntry } from './trial-queue.ts';
import { TrialTokens } from './trial-tokens.ts';

export interface EngineOptions {
  readonly database: Database;
  readonly files: FileStorage;
  readonly trainables: ReadonlyMap<string, Trainable>;
  /** Where those that do not come with the package lie. */
  readonly trainablesDir: string | null;
  /** This server's name as a worker; the same after a restart. */
  readonly worker: string;
  /** What trials run on; one of them has a tfjs backend. */
  readonly devices: readonly ComputeDevice[];
  readonly backendOptions: BackendOptions;
  /** Trials at once on the CPU, and on each GPU. */
  readonly slots: number;
  /** How often trials are started again that were lost with their worker, where a study says nothing. */
  readonly trialRetries: number;
  readonly gpuSlots: number;
  /** Whether a thread is kept ready for the next trial, as soon as there is a study whose trials run in one. */
  readonly warmThreads: boolean;
  /** The part of each device's memory that trials may be predicted to take together. */
  readonly memoryShare: number;
  /** Events that each study keeps. */
  readonly eventsPerStudy: number;
  readonly log: Logger;
}

const memoryCheckMs = 5000;

/** Everything that happens to studies and trials, put together: what the API calls. */
export class Engine {
  readonly database: Database;
  readonly bus = new EventBus();
  readonly studies: StudyStore;
  readonly trials: TrialStore;
  readonly metrics: MetricStore;
  readonly live: LiveStudies;
  readonly bestsSoFar: BestsSoFar;
  readonly trialLists: TrialLists;
  readonly studyLife: StudyLife;
  readonly trialLife: TrialLife;
  readonly trialPauses: TrialPauses;
  readonly artifacts: TrialArtifacts;
  readonly trialLog: TrialLog;
  readonly trialNotes: TrialNotes;
  readonly archives: StudyArchives;
  readonly devices: DeviceBoard;
  readonly trainables: ReadonlyMap<string, Trainable>;
  readonly trialTokens = new TrialTokens();
  readonly #relay: BusRelay;
  readonly #clock: DatabaseClock;
  readonly #runner: StudyRunner;
  readonly #leases: LeaseKeeper;
  readonly #trialClock: TrialClock;
  readonly #housekeeper: Housekeeper;
  readonly #compactor: MetricCompactor;
  /** Where programs of trials find the API; null: there is none. */
  #url: string | null = null;
  readonly #groups: ProcessGroups;
  readonly #pools: TrialPools;
  readonly #threads: ThreadPool;
  readonly #worker: string;
  readonly #log: Logger;
  readonly #doubtful: DoubtfulStudies;
  readonly #foreign: ForeignChanges;
  readonly #foreignCurves: ForeignCurves;
  readonly #stopRules: StopRuleWatch;
  #memoryTimer: NodeJS.Timeout | undefined;

  constructor(options: EngineOptions) {
    const { database, trainables, devices, worker, log } = options;
    const backend = devices.find((device) => device.backend !== null)!.backend!;
    this.database = database;
    this.trainables = trainables;
    this.#worker = worker;
    this.#log = log;
    this.#foreign = new ForeignChanges((studyId) => this.#lookAtForeign(studyId), log);
    this.#foreignCurves = new ForeignCurves((studyId) => this.live.readCurves(studyId), log);
    this.#relay = new BusRelay(this.bus, database.pool, log, (name, studyId) => {
      if (name === 'studyChanged') this.#foreign.add(studyId);
      if (name === 'metricsStored') this.#foreignCurves.add(studyId);
    });
    this.studies = new StudyStore(database.prisma);
    this.trials = new TrialStore(database.pool);
    const metrics = new PostgresMetricStore(database.pool, (studyIds) => {
      for (const studyId of studyIds) this.bus.publish('metricsStored', { studyId });
    });
    this.metrics = metrics;
    this.live = new LiveStudies(database.pool, this.studies, this.trials, this.metrics);
    // Other servers delete studies too.
    this.bus.subscribe('studyDeleted', ({ studyId }) => this.live.drop(studyId));
    this.bus.subscribe('eventsMissed', () => {
      for (const { study } of this.live.loaded) {
        this.#foreign.add(study.id);
        this.#foreignCurves.add(study.id);
      }
    });
    this.bestsSoFar = new BestsSoFar(database.pool, this.live);
    this.trialLists = new TrialLists(this.trials, this.live);
    this.#doubtful = new DoubtfulStudies((studyId) => this.#lookAgain(studyId), log);
    const writer = new StudyWriter(
      database.pool,
      (commit) => this.#onCommit(commit),
      (studyId) => this.#doubtful.add(studyId),
    );
    const clock = new DatabaseClock(database.pool);
    const now = () => clock.now();
    this.#clock = clock;
    this.studyLife = new StudyLife({
      writer,
      studies: this.studies,
      live: this.live,
      trainables,
      bus: this.bus,
      now,
    });
    this.#stopRules = new StopRuleWatch(this.studyLife, this.live, log, (id) => this.#doubtful.add(id));
    this.trialLife = new TrialLife({
      writer,
      trials: this.trials,
      metrics: this.metrics,
      live: this.live,
      retries: { ...defaultRetries, lost: options.trialRetries },
      now,
      onDecision: (trial, outcome) => this.#runner.onDecision(trial, outcome),
    });
    this.trialPauses = new TrialPauses({
      writer,
      trials: this.trials,
      metrics: this.metrics,
      live: this.live,
      now,
      isResumable: (trial) => this.#runner.isResumable(trial),
    });
    this.artifacts = new TrialArtifacts({ database, files: options.files, writer, trials: this.trials, log });
    this.trialLog = new TrialLog({
      store: new TrialLogStore(database.pool),
      trials: this.trials,
      bus: this.bus,
    });
    this.trialNotes = new TrialNotes({ writer, trials: this.trials });
    const checkpoints = new Checkpoints(this.artifacts, log);
    this.archives = new StudyArchives(
      {
        database,
        files: options.files,
        studies: this.studies,
        trials: this.trials,
        metrics: this.metrics,
        artifacts: this.artifacts.store,
        archive: new StudyArchive(database.pool),
        trainables,
      },
      this.studyLife,
    );
    this.#groups = new ProcessGroups(worker);
    const { backendOptions, trainablesDir } = options;
    const hosts = { backend, backendOptions, trainablesDir, stopGraceMs: 10_000 };
    this.#threads = new ThreadPool({
      ...hosts,
      sharedThread: sharedThreadBackends.has(backend),
      warmThreads: options.warmThreads ? options.slots : 0,
      onDevice: (fault) => this.#onDevice(fault),
    });
    this.#pools = new TrialPools({
      thread: this.#threads,
      process: new ProcessPool({ ...hosts, groups: this.#groups }),
      command: new CommandPool({
        trainables,
        groups: this.#groups,
        tokens: this.trialTokens,
        url: () => this.#url,
        stopGraceMs: hosts.stopGraceMs,
      }),
    });
    const { slots, gpuSlots, memoryShare } = options;
    this.devices = new DeviceBoard({ devices, slots, gpuSlots, memoryShare });
    this.#runner = new StudyRunner({
      live: this.live,
      trialLife: this.trialLife,
      trialPauses: this.trialPauses,
      studyLife: this.studyLife,
      trialLog: this.trialLog,
      checkpoints,
      artifacts: this.artifacts,
      trainables,
      pools: this.#pools,
      scheduler: new Scheduler(this.devices),
      trials: this.trials,
      worker,
      log,
      onChange: () => this.bus.publish('devicesChanged', {}),
    });
    this.#compactor = new MetricCompactor(
      database.pool,
      () => metrics.storingMs,
      (error) => log.error({ err: error }, 'could not compact metrics; trying again'),
    );
    this.#leases = new LeaseKeeper(this.trials, this.trialLife, clock, log, () => this.#runner.runs);
    this.#trialClock = new TrialClock(this.trials, this.trialLife, now, log, (id) => this.#runner.wake(id));
    this.#housekeeper = new Housekeeper({
      database,
      deleted: new DeletedStudies(database.pool, writer),
      artifacts: this.artifacts,
      checkpoints,
      eventsPerStudy: options.eventsPerStudy,
      bus: this.bus,
      log,
    });
  }

  /** The time of all servers on this database. */
  now(): Date {
    return this.#clock.now();
  }

  /** What waits for a device of this process, in its turn. */
  readQueue(): QueueEntry[] {
    return this.#runner.readQueue();
  }

  /** Ends processes that the last process of this server has started and left behind. */
  async endLeftovers(): Promise<void> {
    await this.#groups.endLeftovers();
  }

  /**
   * Goes on where the last process of this server ended.
   * @param url where the API is, for programs that trials run
   */
  async start(url: string | null = null): Promise<void> {
    this.#url = url;
    await this.#relay.start();
    await this.#clock.look();
    await this.#leases.takeBack(this.#worker);
    await this.#leases.sweep();
    this.#leases.start();
    this.#trialClock.start();
    this.#housekeeper.start();
    this.#compactor.start();
    for (const studyId of await this.studies.runningIds()) {
      this.#runner.wake(studyId);
      this.#stopRules.look(studyId);
    }
    for (const study of await this.studies.ofTrainables([...this.trainables.keys()])) this.#warmFor(study);
    this.#stopRules.start();
    this.#memoryTimer = setInterval(() => this.#runner.wakeWaiting(), memoryCheckMs);
  }

  /** Stops what runs here and puts it back into the queue; the database stays open. */
  async close(): Promise<void> {
    clearInterval(this.#memoryTimer);
    await this.#housekeeper.close();
    await this.#compactor.close();
    await this.#leases.close();
    await this.#trialClock.close();
    await this.#doubtful.close();
    await this.#foreign.close();
    await this.#foreignCurves.close();
    await this.#runner.close();
    await this.#pools.close();
    this.#groups.close();
    await this.#stopRules.close();
    await this.metrics.close();
    await this.#relay.close();
  }

  /** Has a thread ready for a study whose trials run in them; a server that only tracks starts none. */
  #warmFor({ trainable, isolation }: Pick<StudyRecord, 'trainable' | 'isolation'>): void {
    const own = this.trainables.get(trainable ?? '');
    if (own === undefined || isCommand(own) || (isolation ?? own.isolation) !== 'thread') return;
    this.#threads.warm();
  }

  /** Workers that report here are told what was asked for elsewhere; only own trainables have trials that run here. */
  async #lookAtForeign(studyId: number): Promise<void> {
    const study = await this.studies.get(studyId);
    if (!this.trainables.has(study.trainable ?? '')) return this.live.update(study);
    this.#warmFor(study);
    await this.live.asOf(study);
    await this.#runner.onForeignChange(study);
  }

  #onCommit(commit: StudyCommit): void {
    this.live.apply(commit);
    if (commit.events.some(({ trial }) => trial === null)) this.#warmFor(commit.study);
    this.trialLife.apply(commit);
    this.bus.publish('studyChanged', { studyId: commit.studyId });
    this.#runner.onCommit(commit);
    // A trial that is paused may have been the last one with something to do.
    const trialEnded = commit.events.some(
      ({ kind, trial }) => trial?.finishedAt != null || kind === 'TRIAL_PAUSED',
    );
    if (trialEnded && commit.study.state === 'RUNNING') this.#stopRules.look(commit.studyId);
  }

  /** What tfjs computes on is gone, or there again. */
  #onDevice(fault: string | null): void {
    if (fault === null) this.#log.info({}, 'the device of trials is there again');
    else this.#log.warn({ reason: fault }, 'the device of trials is gone; trying to start it again');
    this.devices.setFault(fault);
    this.bus.publish('devicesChanged', {});
    if (fault === null) this.#runner.wakeWaiting();
  }

  /** Catches up with what may have been committed without a word. */
  async #lookAgain(studyId: number): Promise<void> {
    const study = await this.studies.get(studyId);
    await this.live.asOf(study);
    this.bus.publish('studyChanged', { studyId });
    if (study.state !== 'RUNNING') return;
    this.#runner.wake(studyId);
    await this.studyLife.stopIfDone(studyId);
  }
}
