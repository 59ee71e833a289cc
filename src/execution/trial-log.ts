import { conflict } from '../core/errors.ts';
import { logLines } from '../core/log-lines.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { TrialLogStore } from '../storage/trial-log-store.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import { checkAttempt } from './trial-changes.ts';

/** A text that a trial has logged, and when, in milliseconds since 1970. */
export interface LogEntry {
  readonly time: number;
  readonly text: string;
}

export interface LogReport {
  readonly trialId: number;
  /** Absent: whatever attempt runs now. */
  readonly attempt?: number | null | undefined;
  readonly batch?: number | null | undefined;
  readonly entries: readonly LogEntry[];
}

export interface LogOutcome {
  /** Lines stored by this report, or by the one that it repeats. */
  readonly accepted: number;
  readonly shouldStop: boolean;
}

/** The logs of trials, written by whoever runs them. */
export class TrialLog {
  readonly store: TrialLogStore;
  readonly #trials: TrialStore;
  readonly #bus: EventBus;

  constructor(parts: { store: TrialLogStore; trials: TrialStore; bus: EventBus }) {
    this.store = parts.store;
    this.#trials = parts.trials;
    this.#bus = parts.bus;
  }

  /** @throws CallerError CONFLICT when the attempt does not run any more */
  async report({ trialId, attempt, batch, entries }: LogReport): Promise<LogOutcome> {
    const trial = await this.#trials.get(trialId);
    checkAttempt(trial, attempt);
    const lines = entries.flatMap(({ time, text }) => logLines(text).map((line) => ({ time, text: line })));
    if (lines.length === 0) return { accepted: 0, shouldStop: false };
    const outcome = await this.store.append({
      trialId,
      attempt: attempt ?? trial.attempt,
      batch: batch ?? null,
      lines,
    });
    if (outcome === 'refused') return this.#refuse(trialId, attempt);
    // Also where it is repeated: the first time may not have been heard of.
    this.#bus.publish('logStored', { studyId: trial.studyId, trialId });
    return { accepted: lines.length, shouldStop: false };
  }

  /** A trial that was cancelled meanwhile is told to stop; any other refusal is an error. */
  async #refuse(trialId: number, attempt: number | null | undefined): Promise<LogOutcome> {
    const trial = await this.#trials.get(trialId);
    checkAttempt(trial, attempt);
    if (trial.state === 'CANCELLED') return { accepted: 0, shouldStop: true };
    throw conflict(`Trial ${trial.number} is ${trial.state}; only a RUNNING trial can add to its log.`, {
      state: trial.state,
      attempt: trial.attempt,
    });
  }
}
