import { conflict } from '../core/errors.ts';
import { isFinal, isPaused } from '../core/trial.ts';
import type { MetricStore } from '../storage/metric-store.ts';
import type { TrialRecord } from '../storage/records.ts';
import type { StudyWriter } from '../storage/study-writer.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import { finalValues, lastReported } from './final-values.ts';
import type { LiveStudies } from './live-studies.ts';
import type { LiveStudy } from './live-study.ts';
import {
  checkAttempt,
  held,
  paused,
  released,
  requeued,
  resumed,
  type TrialChange,
} from './trial-changes.ts';

/** Why a trial is to pause that its pruner would let go on. */
export const pausedByRequest = 'Paused by request';

export interface PauseOptions {
  /** Whether a trial that saves no checkpoints may lose its work, and starts anew when it is resumed. */
  readonly restart: boolean;
}

/** How trials pause, by request or by their pruner, and go on. */
export class TrialPauses {
  readonly #writer: StudyWriter;
  readonly #trials: TrialStore;
  readonly #metrics: MetricStore;
  readonly #live: LiveStudies;
  readonly #now: () => Date;
  readonly #isResumable: (trial: TrialRecord) => boolean | null;

  constructor(parts: {
    writer: StudyWriter;
    trials: TrialStore;
    metrics: MetricStore;
    live: LiveStudies;
    /** The time of all servers. */
    now: () => Date;
    /** Whether a running trial can go on from a checkpoint; null where it is not known. */
    isResumable: (trial: TrialRecord) => boolean | null;
  }) {
    this.#writer = parts.writer;
    this.#trials = parts.trials;
    this.#metrics = parts.metrics;
    this.#live = parts.live;
    this.#now = parts.now;
    this.#isResumable = parts.isResumable;
  }

  /**
   * Pauses a trial by request. One that waits is held at once; the worker of one that runs is told to save a checkpoint
   * and to give it back. Pausing it twice is harmless.
   * @throws CallerError CONFLICT where it has ended, or where it would lose its work and `restart` does not allow that
   */
  async pause(id: number, { restart }: PauseOptions): Promise<TrialRecord> {
    return this.#change(id, (trial) => {
      checkOpen(trial);
      if (trial.held) return null;
      if (!restart && trial.state === 'RUNNING' && this.#isResumable(trial) === false) {
        throw conflict(
          `Trial ${trial.number} has shown no checkpoint so far, so it would start anew when it is resumed. Let it run, or pause it with restart: true. A trainable keeps its work by trial.checkpoint and trial.restore.`,
          { state: trial.state, wouldStartAnew: true },
        );
      }
      return held(trial);
    });
  }

  /**
   * Lets a paused trial go on from its checkpoint, whoever has paused it; one that is not paused stays as it is.
   * @throws CallerError CONFLICT where it has ended
   */
  async resume(id: number): Promise<TrialRecord> {
    return this.#change(id, (trial) => {
      checkOpen(trial);
      return trial.held || isPaused(trial) ? resumed(trial) : null;
    });
  }

  /**
   * Takes a trial from the worker that runs `attempt` and has saved what it needs to go on: until somebody resumes it
   * where it is held, until the pruner promotes it where that pauses trials, and otherwise for whoever asks next.
   * Giving the same attempt back twice is harmless.
   * @throws CallerError CONFLICT where the trial is not the caller's
   */
  async giveBack(id: number, attempt: number): Promise<TrialRecord> {
    const { studyId } = await this.#trials.get(id);
    const live = await this.#live.get(studyId);
    const reported = await lastReported(this.#metrics, [id], live.problem);
    return this.#change(id, (trial) => {
      checkAttempt(trial, attempt);
      return trial.state === 'QUEUED' ? null : givenBack(trial, live, reported.get(id)!, this.#now());
    });
  }

  /** @param change null: the trial stays as it is */
  async #change(id: number, change: (trial: TrialRecord) => TrialChange | null): Promise<TrialRecord> {
    const { studyId } = await this.#trials.get(id);
    return this.#writer.change(studyId, async (study) => {
      const trial = (await study.trials([id]))[0]!;
      const changed = change(trial);
      return changed === null ? trial : study.saveTrial(changed.kind, changed.trial);
    });
  }
}

function givenBack(
  trial: TrialRecord,
  live: LiveStudy,
  reported: ReadonlyMap<string, number>,
  now: Date,
): TrialChange {
  const isPrunersPause =
    live.decision(trial.number)?.action === 'PAUSE' || (!trial.held && live.pruner?.pauses === true);
  if (isPrunersPause) {
    const values = finalValues(live.problem, 'PRUNED', undefined, reported);
    return paused(trial, live.pauseReason(trial.number), values);
  }
  if (trial.held) return released(trial);
  return requeued(trial, { why: 'Given back by its worker', afterMs: null }, now);
}

function checkOpen({ number, state }: TrialRecord): void {
  if (!isFinal(state)) return;
  throw conflict(`Trial ${number} is ${state}: it has ended. retryTrial runs its parameters again.`, {
    state,
  });
}
