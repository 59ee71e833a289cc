import { InputError } from '../core/errors.ts';
import type { Retries } from '../core/retries.ts';
import { storableText } from '../core/text-fault.ts';
import { isFinal, isHeld, isPaused, type TrialState } from '../core/trial.ts';
import type { TrialRecord } from '../storage/records.ts';
import type { StudyChange } from '../storage/study-change.ts';
import { finalValues } from './final-values.ts';
import type { LiveStudy } from './live-study.ts';
import { checkAttempt, ended, paused, released, retried } from './trial-changes.ts';

export interface TellRequest {
  readonly trialId: number;
  readonly attempt?: number | null | undefined;
  readonly state: TrialState;
  readonly values?: unknown;
  readonly error?: string | null | undefined;
  /** The most memory that it had, in bytes. */
  readonly peakBytes?: number | null | undefined;
  /** False: a trial that FAILED would fail again, so it is not retried whatever its study says. True by default. */
  readonly retry?: boolean | null | undefined;
  /** Where the request stands among others, for the paths of its faults. */
  readonly path?: string;
}

/** What is known beside what the worker tells. */
interface Told {
  /** The last values that the trial has reported. */
  readonly reported: ReadonlyMap<string, number>;
  readonly retries: Retries;
  readonly now: Date;
}

/** Ends a trial, or queues it again where it is to be tried again, or was to pause and its worker knows nothing of that. */
export function tellTrial(
  change: StudyChange,
  live: LiveStudy,
  trial: TrialRecord,
  request: TellRequest,
  { reported, retries, now }: Told,
): TrialRecord {
  checkAttempt(trial, request.attempt);
  const state = request.state;
  if (!isFinal(state)) {
    throw InputError.at('state', `must be COMPLETED, PRUNED, INFEASIBLE, FAILED or CANCELLED, not ${state}`);
  }
  // A repeated PRUNED of a trial that was paused instead.
  if (state === 'PRUNED' && (isPaused(trial) || isHeld(trial))) return trial;
  if (trial.state === state || (trial.state === 'INFEASIBLE' && state === 'COMPLETED')) return trial;
  const values = finalValues(live.problem, state, request.values, reported);
  const decision = state === 'PRUNED' ? live.decision(trial.number) : null;
  // A worker that knows nothing of pauses prunes what it should give back; its trial starts anew when promoted.
  if (decision?.action === 'PAUSE') {
    const { kind, trial: waiting } = paused(trial, decision.reason, values);
    return change.saveTrial(kind, waiting);
  }
  if (state === 'PRUNED' && decision === null && trial.held) {
    const { kind, trial: waiting } = released(trial);
    return change.saveTrial(kind, waiting);
  }
  const error = request.error == null ? null : storableText(request.error);
  if (state === 'FAILED' && request.retry !== false) {
    // Told again after it was queued for its next attempt.
    if (trial.state === 'QUEUED' && trial.retryAt !== null) return trial;
    if (trial.failures < retries.failed) {
      const { kind, trial: waiting } = retried(trial, retries, error, now, Math.random());
      return change.saveTrial(kind, waiting);
    }
  }
  const pruneReason = state === 'PRUNED' ? (decision?.reason ?? 'Pruned by its worker.') : null;
  const { kind, trial: next } = ended(
    trial,
    {
      state,
      values,
      error,
      pruneReason,
      peakBytes: request.peakBytes ?? null,
    },
    live.problem,
    now,
  );
  return change.saveTrial(kind, next);
}
