import { CallerError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { TrialRecord } from '../storage/records.ts';
import type { Dataset } from '../trainables/datasets/dataset.ts';
import { ArtifactQueue } from './artifact-queue.ts';
import { CheckpointQueue, type Checkpoints } from './checkpoints.ts';
import type { ComputeDevice } from './devices/compute-device.ts';
import { LogQueue } from './log-queue.ts';
import type { RunOrder, RunOutcome } from './pools/host-messages.ts';
import type { Run } from './pools/trial-pool.ts';
import type { RunKind, TrialPools } from './pools/trial-pools.ts';
import { ReportQueue, type RunDecision } from './report-queue.ts';
import { sendAgain } from './send-again.ts';
import type { TellRequest } from './tell-trial.ts';
import type { TrialArtifacts } from './trial-artifacts.ts';
import type { TrialLife } from './trial-life.ts';
import type { TrialLog } from './trial-log.ts';
import type { TrialPauses } from './trial-pauses.ts';

export interface TrialRunOptions {
  readonly trial: TrialRecord;
  readonly trainable: string;
  readonly options: RunOrder['options'];
  readonly kind: RunKind;
  readonly seed: number;
  readonly device: ComputeDevice;
  readonly datasets: readonly Dataset[];
  /** Where it keeps checkpoints, and the one that it starts from. */
  readonly checkpoints: Checkpoints;
  readonly checkpoint: Uint8Array | null;
  readonly artifacts: TrialArtifacts;
  /** The metrics that make the trial's final values. */
  readonly valueMetrics: ReadonlySet<string>;
  readonly life: TrialLife;
  readonly pauses: TrialPauses;
  readonly trialLog: TrialLog;
  readonly pools: TrialPools;
  readonly log: Logger;
}

/** One attempt of a trial in this process: its reports go to the store, its end is told. */
export class TrialRun {
  readonly trial: TrialRecord;
  readonly device: ComputeDevice;
  /** Resolves when the end is told, or belongs to somebody else. Never rejects. */
  readonly done: Promise<void>;
  readonly #options: TrialRunOptions;
  readonly #reports: ReportQueue;
  readonly #lines: LogQueue;
  readonly #checkpoints: CheckpointQueue;
  readonly #files: ArtifactQueue;
  readonly #run: Run;
  #lastStep = 0;
  #isPruned = false;
  #isAbandoned = false;
  #isPausing = false;
  #isResumable = false;

  constructor(options: TrialRunOptions) {
    const { trial, life, pools, log } = options;
    const { id, kind, cuda } = options.device;
    this.trial = trial;
    this.device = options.device;
    this.#options = options;
    this.#reports = new ReportQueue(life, trial, (decision) => this.onDecision(decision), log);
    this.#lines = new LogQueue(options.trialLog, trial);
    this.#checkpoints = new CheckpointQueue(
      options.checkpoints,
      trial,
      () => this.#reports.drain(),
      (line) => this.#lines.push(line),
    );
    this.#files = new ArtifactQueue(options.artifacts, trial);
    this.#run = pools.run(
      options.kind,
      {
        trialId: trial.id,
        attempt: trial.attempt,
        trainable: options.trainable,
        params: trial.params,
        options: options.options,
        seed: options.seed,
        device: { id, kind, cuda },
        datasets: options.datasets,
        checkpoint: options.checkpoint,
      },
      {
        onReport: (report) => {
          // Judged, they would be taken for those of the attempt that follows.
          if (this.#isAbandoned) return;
          this.#lastStep = Math.max(this.#lastStep, report.step);
          this.#reports.push(report);
        },
        onLog: (line) => this.#lines.push(line),
        onResumable: () => {
          this.#isResumable = true;
        },
        onCheckpoint: (bytes) => this.#checkpoints.push(bytes),
        onArtifact: (file) => this.#files.store(file),
      },
    );
    this.done = this.#run.outcome
      .then((outcome) => this.#end(outcome))
      .catch((error) => {
        // The lease ends by itself, and the trial is queued again.
        log.error({ trial: trial.id, err: error }, 'the end of a trial could not be stored');
      });
  }

  /** Whether it can go on from a checkpoint, as far as its code has shown; null where that is not known. */
  get isResumable(): boolean | null {
    // A program may write one when it is told to end.
    return this.#isResumable || (this.#options.kind === 'command' ? null : false);
  }

  /** Does what a report was answered; again, where it is told twice. */
  onDecision({ action, reason }: RunDecision): void {
    if (action === 'PAUSE') this.pause();
    if (action !== 'STOP') return;
    // Without a reason it could not be stored.
    this.#isPruned ||= reason !== null;
    this.#run.stop();
  }

  /** Has it save a checkpoint and give its place back. */
  pause(): void {
    if (this.#isPausing) return;
    this.#isPausing = true;
    this.#run.pause();
  }

  /** Stops the work; the trial's state is no longer this attempt's to tell. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#run.stop();
  }

  async #end(outcome: RunOutcome): Promise<void> {
    await this.#checkpoints.drain();
    await this.#files.drain();
    if (this.#isAbandoned) return;
    const { trial } = this.#options;
    const { peakBytes } = this.#run;
    const identity = { trialId: trial.id, attempt: trial.attempt, peakBytes };
    try {
      const values = outcome.state === 'COMPLETED' ? this.#takeValues(outcome.values) : undefined;
      await this.#reports.drain();
      await this.#drainLog();
      switch (outcome.state) {
        case 'COMPLETED':
          await this.#tell({ ...identity, state: 'COMPLETED', values });
          break;
        case 'PAUSED':
          await sendAgain(() => this.#options.pauses.giveBack(trial.id, trial.attempt));
          break;
        case 'STOPPED':
          if (this.#isPruned) await this.#tell({ ...identity, state: 'PRUNED' });
          break;
        case 'LOST':
          this.#options.log.warn({ trial: trial.id, reason: outcome.error }, 'a trial lost its device');
          await sendAgain(() =>
            this.#options.life.takeBack(
              trial.studyId,
              [trial.id],
              ({ attempt }) => attempt === trial.attempt,
              outcome.error,
            ),
          );
          break;
        case 'INFEASIBLE':
          await this.#tell({ ...identity, state: 'INFEASIBLE', error: outcome.error });
          break;
        case 'FAILED':
          await this.#tell({ ...identity, state: 'FAILED', error: outcome.error, retry: outcome.retry });
      }
    } catch (error) {
      if (!(error instanceof CallerError)) throw error;
      // Lost to another attempt, or cancelled at the last moment: then there is nothing to tell.
      if (error.code === 'CONFLICT' || error.code === 'NOT_FOUND') return;
      // Values that are missing or not finite would be so again.
      await this.#tell({ ...identity, state: 'FAILED', error: error.message, retry: false });
    }
  }

  async #tell(request: TellRequest): Promise<void> {
    await sendAgain(() => this.#options.life.tell(request));
  }

  /** A log that cannot be stored is no reason to throw away the trial. */
  async #drainLog(): Promise<void> {
    await this.#lines.drain().catch((error) => {
      // Lost to another attempt, or cancelled: then the log is not its to write either.
      if (error instanceof CallerError && error.code === 'CONFLICT') return;
      this.#options.log.warn({ trial: this.trial.id, err: error }, 'lines of a trial’s log were lost');
    });
  }

  /** Final values are points of the last step too, so that metrics beyond the objectives are kept. */
  #takeValues(values: Readonly<Record<string, number>> | undefined): Record<string, number> | undefined {
    if (values === undefined) return undefined;
    this.#reports.push({ step: this.#lastStep, values, time: Date.now() });
    return Object.fromEntries(
      Object.entries(values).filter(([metric]) => this.#options.valueMetrics.has(metric)),
    );
  }
}
