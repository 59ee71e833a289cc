import { CallerError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Logger } from '../core/logger.ts';
import type { StudyRecord } from '../storage/records.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import { isCommand } from '../trainables/command/command.ts';
import type { Dataset } from '../trainables/datasets/dataset.ts';
import { loadDataset } from '../trainables/datasets/load-dataset.ts';
import type { Trainable } from '../trainables/trainable.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Measured, Scheduler } from './devices/scheduler.ts';
import { problemMetrics } from './final-values.ts';
import { ownLeaseMs } from './lease-keeper.ts';
import type { LiveStudies } from './live-studies.ts';
import { estimate, Placing } from './placing.ts';
import type { TrialPools } from './pools/trial-pools.ts';
import type { StudyLife } from './study-life.ts';
import type { TrialArtifacts } from './trial-artifacts.ts';
import type { TrialLife } from './trial-life.ts';
import type { TrialLog } from './trial-log.ts';
import type { TrialPauses } from './trial-pauses.ts';
import { TrialRun } from './trial-run.ts';

/** Of settings that fit no device so many may follow each other; then they come at the pace of `retryMs`. */
const maxRejectionsAtOnce = 20;
/** How many of a study's trials tell what its next ones need, when the study is first looked at. */
const rememberedTrials = 256;

export interface StarterParts {
  readonly live: LiveStudies;
  readonly trialLife: TrialLife;
  readonly trialPauses: TrialPauses;
  readonly studyLife: StudyLife;
  readonly trialLog: TrialLog;
  readonly checkpoints: Checkpoints;
  readonly artifacts: TrialArtifacts;
  readonly trainables: ReadonlyMap<string, Trainable>;
  readonly pools: TrialPools;
  readonly scheduler: Scheduler;
  readonly trials: TrialStore;
  readonly worker: string;
  readonly log: Logger;
}

/** Whether a study may have another trial to start: at once, in a moment, or as far as is known not. */
export type NextStart = 'AGAIN' | 'LATER' | 'NONE';

/** Starts trials of studies on the devices of this process: asked for, placed by their memory, with their data and checkpoint. */
export class TrialStarter {
  readonly #parts: StarterParts;
  /** How many settings in a row fitted no device, by study. */
  readonly #rejections = new Map<number, number>();

  constructor(parts: StarterParts) {
    this.#parts = parts;
  }

  /**
   * Starts the next trial of a study, or finds out that there is none to start now.
   * @param onRun is called with its run at once, so that no commit about it is missed
   */
  async start(studyId: number, onRun: (run: TrialRun) => void): Promise<NextStart> {
    const live = await this.#parts.live.get(studyId);
    const trainable = this.#parts.trainables.get(live.study.trainable ?? '');
    if (trainable === undefined || live.study.state !== 'RUNNING') return 'NONE';
    const options = live.study.trainableOptions;
    // Before a trial starts: what it will need is predicted from its dataset.
    const datasets = await loadDatasets(trainable, options);
    const placing = new Placing(
      this.#parts.scheduler,
      live.study,
      trainable,
      datasets instanceof Error ? null : await this.#prediction(live.study, trainable),
    );
    const [trial] = await this.#parts.trialLife.ask({
      studyId,
      count: 1,
      worker: this.#parts.worker,
      leaseMs: ownLeaseMs,
      place: (proposed) => placing.decide(proposed),
    });
    const device = placing.apply(trial ?? null);
    if (device === null || trial === undefined) {
      if (placing.hasRejected) return this.#afterRejection(studyId);
      // One that was suggested waits from now on; a smaller one may start.
      if (placing.hasQueued) return 'AGAIN';
      await this.#parts.studyLife.stopIfDone(studyId);
      return 'NONE';
    }
    this.#rejections.delete(studyId);
    if (datasets instanceof Error) {
      const { id: trialId, attempt } = trial;
      await this.#parts.trialLife
        .tell({ trialId, attempt, state: 'FAILED', error: datasets.message })
        .finally(() => this.#parts.scheduler.ended(trialId));
      return 'AGAIN';
    }
    const checkpoint = trial.attempt > 1 ? await this.#parts.checkpoints.load(trial.id) : null;
    // It may have been stopped meanwhile, or paused, or its study deleted.
    const now = await this.#parts.live.get(studyId).catch((error: unknown) => {
      if (error instanceof CallerError && error.code === 'NOT_FOUND') return null;
      // The database is away: the trial begins, and hears later what became of it.
      return live;
    });
    if (now?.view.running.has(trial.number) !== true) {
      this.#parts.scheduler.ended(trial.id);
      return 'AGAIN';
    }
    const run = new TrialRun({
      trial,
      trainable: trainable.name,
      options,
      kind: isCommand(trainable) ? 'command' : (live.study.isolation ?? trainable.isolation),
      seed: trialSeed(live.study.seed, trial.number),
      device,
      datasets,
      valueMetrics: problemMetrics(live.problem),
      life: this.#parts.trialLife,
      pauses: this.#parts.trialPauses,
      trialLog: this.#parts.trialLog,
      checkpoints: this.#parts.checkpoints,
      checkpoint,
      artifacts: this.#parts.artifacts,
      pools: this.#parts.pools,
      log: this.#parts.log,
    });
    onRun(run);
    if (now.isPausing(trial.number)) run.pause();
    return 'AGAIN';
  }

  /** A study whose settings are all too large must not fill the database with them as fast as it can. */
  #afterRejection(studyId: number): NextStart {
    const rejections = (this.#rejections.get(studyId) ?? 0) + 1;
    this.#rejections.set(studyId, rejections);
    return rejections < maxRejectionsAtOnce ? 'AGAIN' : 'LATER';
  }

  #prediction(study: StudyRecord, trainable: Trainable) {
    return this.#parts.scheduler.prediction(study.id, async (): Promise<Measured[]> => {
      const trials = await this.#parts.trials.newestMeasured(study.id, rememberedTrials);
      return trials.map((trial) => ({ ...trial, estimatedBytes: estimate(trainable, trial.params, study) }));
    });
  }
}

/** The datasets of a study's trials, or why they cannot be had: they were there when the study was made. */
async function loadDatasets(trainable: Trainable, options: JsonObject): Promise<Dataset[] | Error> {
  try {
    return await Promise.all(trainable.datasets(options).map(loadDataset));
  } catch (error) {
    return error as Error;
  }
}

/** A positive 31-bit seed; trials of a study differ, and a repeated attempt gets the same. */
function trialSeed(studySeed: number, trialNumber: number): number {
  return (
    (Math.imul(studySeed ^ 0x5bd1e995, 0x01000193) + Math.imul(trialNumber + 1, 0x9e3779b1)) & 0x7fffffff
  );
}
