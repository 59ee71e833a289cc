import { CallerError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Logger } from '../core/logger.ts';
import type { Params } from '../core/search-space/space.ts';
import { isFinal } from '../core/trial.ts';
import type { TrialRecord } from '../storage/records.ts';
import type { StudyCommit } from '../storage/study-writer.ts';
import type { Dataset } from '../trainables/datasets/dataset.ts';
import { loadDataset } from '../trainables/datasets/load-dataset.ts';
import type { DeviceNeed } from '../trainables/placed-device.ts';
import type { Trainable } from '../trainables/trainable.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { ComputeDevice } from './devices/compute-device.ts';
import { problemMetrics } from './final-values.ts';
import { ownLeaseMs } from './lease-keeper.ts';
import type { LiveStudies } from './live-studies.ts';
import type { TrialPools } from './pools/trial-pools.ts';
import type { StudyLife } from './study-life.ts';
import type { TrialArtifacts } from './trial-artifacts.ts';
import type { TrialLife } from './trial-life.ts';
import type { TrialLog } from './trial-log.ts';
import { TrialRun } from './trial-run.ts';

const retryMs = 1000;

/** Keeps the free slots of this process busy with the trials of running studies, the least served study first. */
export class StudyRunner {
  readonly #live: LiveStudies;
  readonly #trialLife: TrialLife;
  readonly #studyLife: StudyLife;
  readonly #trialLog: TrialLog;
  readonly #checkpoints: Checkpoints;
  readonly #artifacts: TrialArtifacts;
  readonly #trainables: ReadonlyMap<string, Trainable>;
  readonly #pools: TrialPools;
  readonly #devices: readonly ComputeDevice[];
  readonly #worker: string;
  readonly #log: Logger;
  readonly #onChange: () => void;
  readonly #runs = new Map<number, TrialRun>();
  /** Running studies that may have a trial to start. */
  readonly #candidates = new Set<number>();
  #filling: Promise<void> | null = null;
  #closed = false;

  constructor(parts: {
    live: LiveStudies;
    trialLife: TrialLife;
    studyLife: StudyLife;
    trialLog: TrialLog;
    checkpoints: Checkpoints;
    artifacts: TrialArtifacts;
    trainables: ReadonlyMap<string, Trainable>;
    pools: TrialPools;
    devices: readonly ComputeDevice[];
    worker: string;
    log: Logger;
    /** Called when a trial starts or ends here. */
    onChange: () => void;
  }) {
    this.#live = parts.live;
    this.#trialLife = parts.trialLife;
    this.#studyLife = parts.studyLife;
    this.#trialLog = parts.trialLog;
    this.#checkpoints = parts.checkpoints;
    this.#artifacts = parts.artifacts;
    this.#trainables = parts.trainables;
    this.#pools = parts.pools;
    this.#devices = parts.devices;
    this.#worker = parts.worker;
    this.#log = parts.log;
    this.#onChange = parts.onChange;
  }

  get runs(): readonly TrialRun[] {
    return [...this.#runs.values()];
  }

  /** Looks at a study again: it was started, has a new trial, or one of its trials has ended. */
  wake(studyId: number): void {
    this.#candidates.add(studyId);
    this.#fill();
  }

  /** Reacts to a commit: stops what was cancelled or lost, starts what can start. */
  onCommit({ studyId, events, study }: StudyCommit): void {
    for (const { kind, trial } of events) {
      const run = trial === null ? undefined : this.#runs.get(trial.id);
      // Whoever has ended it, or given it back: where it was the run itself, it has nothing left to stop.
      if (run !== undefined && (isFinal(trial!.state) || kind === 'TRIAL_REQUEUED')) run.abandon();
    }
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
    this.#filling ??= this.#startTrials().finally(() => {
      this.#filling = null;
      // Something may have woken it after the last look.
      if (this.#candidates.size > 0 && this.#pools.freeSlots > 0) this.#fill();
    });
  }

  async #startTrials(): Promise<void> {
    while (this.#pools.freeSlots > 0 && this.#candidates.size > 0 && !this.#closed) {
      const studyId = this.#leastServed();
      // Before the look: what wakes it meanwhile asks for another one.
      this.#candidates.delete(studyId);
      try {
        if (await this.#startTrial(studyId)) this.#candidates.add(studyId);
      } catch (error) {
        // The study was deleted.
        if (error instanceof CallerError && error.code === 'NOT_FOUND') continue;
        // Others must not wait for it.
        this.#log.error({ study: studyId, err: error }, 'trials could not be started; trying again');
        setTimeout(() => this.wake(studyId), retryMs).unref();
      }
    }
  }

  #leastServed(): number {
    const running = (studyId: number): number =>
      this.runs.filter((run) => run.trial.studyId === studyId).length;
    return [...this.#candidates].reduce((least, studyId) =>
      running(studyId) < running(least) ? studyId : least,
    );
  }

  /** @returns whether the study may have more to start */
  async #startTrial(studyId: number): Promise<boolean> {
    const live = await this.#live.get(studyId);
    const trainable = this.#trainables.get(live.study.trainable ?? '');
    if (trainable === undefined || live.study.state !== 'RUNNING') return false;
    const options = live.study.trainableOptions;
    // Before a trial starts: what it will need is predicted from its dataset.
    const datasets = await loadDatasets(trainable, options);
    const device = deviceFor(trainable.runsOn(options), this.#devices);
    const [trial] = await this.#trialLife.ask({
      studyId,
      count: 1,
      worker: this.#worker,
      leaseMs: ownLeaseMs,
      place: (params) => ({
        device: device.name,
        backend: device.backend,
        ...(datasets instanceof Error ? {} : predict(trainable, params, options)),
      }),
    });
    if (trial === undefined) {
      await this.#studyLife.stopIfDone(studyId);
      return false;
    }
    if (datasets instanceof Error) {
      const { id: trialId, attempt } = trial;
      await this.#trialLife.tell({ trialId, attempt, state: 'FAILED', error: datasets.message });
      return true;
    }
    const checkpoint = trial.attempt > 1 ? await this.#checkpoints.load(trial.id) : null;
    const run = new TrialRun({
      trial,
      trainable: trainable.name,
      options,
      isolation: live.study.isolation ?? trainable.isolation,
      seed: trialSeed(live.study.seed, trial.number),
      device,
      datasets,
      valueMetrics: problemMetrics(live.problem),
      life: this.#trialLife,
      trialLog: this.#trialLog,
      checkpoints: this.#checkpoints,
      checkpoint,
      artifacts: this.#artifacts,
      pools: this.#pools,
      log: this.#log,
    });
    this.#runs.set(trial.id, run);
    this.#onChange();
    void run.done.then(() => {
      this.#runs.delete(trial.id);
      this.#onChange();
      this.wake(studyId);
    });
    return true;
  }
}

function deviceFor(need: DeviceNeed, devices: readonly ComputeDevice[]): ComputeDevice {
  return (
    devices.find(({ backend, kind, cuda }) =>
      need === 'backend' ? backend !== null : need === 'cpu' ? kind === 'cpu' : cuda !== null,
    ) ?? devices[0]!
  );
}

/** The datasets of a study's trials, or why they cannot be had: they were there when the study was made. */
async function loadDatasets(trainable: Trainable, options: JsonObject): Promise<Dataset[] | Error> {
  try {
    return await Promise.all(trainable.datasets(options).map(loadDataset));
  } catch (error) {
    return error as Error;
  }
}

function predict(trainable: Trainable, params: Params, options: JsonObject) {
  return {
    totalSteps: trainable.totalSteps(params, options),
    predictedBytes: trainable.estimateMemory(params, options),
  };
}

/** A positive 31-bit seed; trials of a study differ, and a repeated attempt gets the same. */
function trialSeed(studySeed: number, trialNumber: number): number {
  return (
    (Math.imul(studySeed ^ 0x5bd1e995, 0x01000193) + Math.imul(trialNumber + 1, 0x9e3779b1)) & 0x7fffffff
  );
}
