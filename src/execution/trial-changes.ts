import { conflict } from '../core/errors.ts';
import { type Retries, retryDelayMs } from '../core/retries.ts';
import type { Params } from '../core/search-space/space.ts';
import { isFeasible, type StudyProblem } from '../core/study.ts';
import { isFinal, isPaused, nextTrialState, type TrialAction, type TrialState } from '../core/trial.ts';
import type { StudyEventKind, TrialRecord } from '../storage/records.ts';

/** A trial after a change, and the event that tells of it. */
export interface TrialChange {
  readonly kind: StudyEventKind;
  readonly trial: TrialRecord;
}

/** Where and for how long a trial runs. */
export interface Claim {
  readonly worker: string | null;
  readonly leaseMs: number;
  readonly params: Params;
  readonly placement: Placement;
  /** How long the attempt may run; null: for ever. */
  readonly timeoutMs: number | null;
}

/** What is known of a trial's run beforehand. */
export type Placement = Partial<Pick<TrialRecord, 'device' | 'backend' | 'totalSteps' | 'predictedBytes'>>;

/** What a claim sets: on a queued trial, or on one that is made running. */
export function claimFields(
  attempt: number,
  { worker, leaseMs, params, placement, timeoutMs }: Claim,
  now: Date,
) {
  return {
    ...placement,
    state: 'RUNNING',
    params,
    attempt,
    worker,
    leaseMs,
    leaseUntil: new Date(now.getTime() + leaseMs),
    startedAt: now,
    retryAt: null,
    timeoutAt: timeoutMs === null ? null : new Date(now.getTime() + timeoutMs),
    error: null,
  } as const;
}

/** Gives a queued trial to a worker; one that was paused is promoted with it. */
export function claimed(trial: TrialRecord, claim: Claim, now: Date): TrialChange {
  moved(trial, 'claim');
  const running = { ...trial, ...claimFields(trial.attempt + 1, claim, now) };
  if (!isPaused(trial)) return { kind: 'TRIAL_STARTED', trial: running };
  // What it had when it was paused is no result any more.
  const unjudged = { pruneReason: null, values: null, promotions: trial.promotions + 1 };
  return { kind: 'TRIAL_RESUMED', trial: { ...running, ...unjudged, startedAt: trial.startedAt } };
}

/** Takes a trial from its worker until its pruner promotes it. `values`: what it has reported so far. */
export function paused(
  trial: TrialRecord,
  reason: string,
  values: Readonly<Record<string, number>> | null,
): TrialChange {
  const state = moved(trial, 'requeue');
  const waiting = { state, values, pruneReason: reason, worker: null, leaseUntil: null };
  return { kind: 'TRIAL_PAUSED', trial: { ...trial, ...waiting } };
}

/**
 * Pauses a trial by request, until somebody resumes it: one that waits at once, one that runs when it has given its
 * place back.
 */
export function held(trial: TrialRecord): TrialChange {
  if (isFinal(trial.state)) moved(trial, 'requeue');
  const kind = trial.state === 'RUNNING' ? 'TRIAL_PAUSING' : 'TRIAL_PAUSED';
  return { kind, trial: { ...trial, held: true } };
}

/**
 * Lets a trial go on that was paused, by request or by its pruner: it is queued for its next attempt. One that has not
 * given its place back yet keeps it, or is queued at once when it does.
 */
export function resumed(trial: TrialRecord): TrialChange {
  if (trial.state === 'RUNNING') return { kind: 'TRIAL_RESUMED', trial: { ...trial, held: false } };
  // What it had when it was paused is no result any more.
  const unjudged = { pruneReason: null, values: null };
  const promotions = trial.promotions + (trial.attempt === 0 ? 0 : 1);
  return { kind: 'TRIAL_REQUEUED', trial: { ...trial, ...unjudged, held: false, promotions } };
}

/** Takes a held trial from its worker. */
export function released(trial: TrialRecord): TrialChange {
  const state = moved(trial, 'requeue');
  return { kind: 'TRIAL_PAUSED', trial: { ...trial, state, worker: null, leaseUntil: null } };
}

/** What a trial ended with. */
export interface Ending {
  readonly state: Exclude<TrialState, 'QUEUED' | 'RUNNING'>;
  readonly values: Readonly<Record<string, number>> | null;
  readonly error: string | null;
  readonly pruneReason: string | null;
  /** Null: not measured. */
  readonly peakBytes: number | null;
}

const actionByState = {
  COMPLETED: 'complete',
  PRUNED: 'prune',
  INFEASIBLE: 'infeasible',
  FAILED: 'fail',
  CANCELLED: 'cancel',
} as const;

/** Ends a trial. One that completes but breaks a constraint is INFEASIBLE. */
export function ended(trial: TrialRecord, ending: Ending, problem: StudyProblem, now: Date): TrialChange {
  const kept = ending.values === null ? null : isFeasible(problem.constraints, ending.values);
  const state = ending.state === 'COMPLETED' && kept === false ? 'INFEASIBLE' : ending.state;
  return {
    kind: `TRIAL_${state}`,
    trial: {
      ...trial,
      state: moved(trial, actionByState[state]),
      values: ending.values,
      feasible: state === 'INFEASIBLE' ? false : kept,
      error: ending.error,
      pruneReason: ending.pruneReason,
      peakBytes: ending.peakBytes ?? trial.peakBytes,
      failures: trial.failures + (state === 'FAILED' ? 1 : 0),
      ...over(trial, now),
    },
  };
}

/** What every end sets. No trial ends before it has started, though a clock may have been set back meanwhile. */
function over({ startedAt }: TrialRecord, now: Date) {
  const finishedAt = startedAt !== null && startedAt > now ? startedAt : now;
  return { leaseUntil: null, held: false, finishedAt } as const;
}

/** A trial that was still paused when its study ended: it is pruned for good, with what it had reported. */
export function abandoned(trial: TrialRecord, now: Date): TrialChange {
  const pruneReason = `Paused until the study ended: ${trial.pruneReason}`;
  return {
    kind: 'TRIAL_PRUNED',
    trial: { ...trial, state: moved(trial, 'abandon'), pruneReason, ...over(trial, now) },
  };
}

/** A waiting trial that fits no device: it is infeasible before it starts. */
export function rejected(trial: TrialRecord, reason: string, now: Date): TrialChange {
  const state = moved(trial, 'reject');
  return {
    kind: 'TRIAL_INFEASIBLE',
    trial: {
      ...trial,
      state,
      values: null,
      feasible: false,
      error: reason,
      pruneReason: null,
      ...over(trial, now),
    },
  };
}

export function cancelled(trial: TrialRecord, now: Date): TrialChange {
  const state = moved(trial, 'cancel');
  return { kind: 'TRIAL_CANCELLED', trial: { ...trial, state, ...over(trial, now) } };
}

/** Why a trial is taken from its worker, and when it may run again. */
export interface Requeueing {
  readonly why: string;
  /** Null: at once, and this was no failure of its own. */
  readonly afterMs: number | null;
}

/** Puts a running trial back into the queue. */
export function requeued(trial: TrialRecord, { why, afterMs }: Requeueing, now: Date): TrialChange {
  return {
    kind: 'TRIAL_REQUEUED',
    trial: {
      ...trial,
      state: moved(trial, 'requeue'),
      worker: null,
      leaseUntil: null,
      error: why,
      failures: trial.failures + (afterMs === null ? 0 : 1),
      retryAt: afterMs === null ? null : new Date(now.getTime() + afterMs),
    },
  };
}

/** Takes a trial from an owner that went away: back to the queue, or FAILED when that happened too often. */
export function lost(
  trial: TrialRecord,
  retries: Retries,
  why: string,
  now: Date,
  random: number,
): TrialChange {
  const failures = trial.failures + 1;
  if (failures <= retries.lost) {
    // At once the first time: a server that was started again goes on with what it had.
    return requeued(trial, { why, afterMs: retryDelayMs(retries, trial.failures, random) }, now);
  }
  const times = failures === 1 ? '' : `, for the ${ordinal(failures)} time`;
  const error = `${why}${times}. It is not started again (retries.lost: ${retries.lost}).`;
  return {
    kind: 'TRIAL_FAILED',
    trial: { ...trial, state: moved(trial, 'fail'), error, failures, ...over(trial, now) },
  };
}

/** A trial that has failed and is to be tried again. */
export function retried(
  trial: TrialRecord,
  retries: Retries,
  error: string | null,
  now: Date,
  random: number,
): TrialChange {
  const afterMs = retryDelayMs(retries, trial.failures + 1, random);
  return requeued(trial, { why: error ?? 'It failed.', afterMs }, now);
}

/**
 * The fence: a worker that names an older attempt has lost the trial to another.
 * @throws CallerError CONFLICT
 */
export function checkAttempt(trial: TrialRecord, attempt: number | null | undefined): void {
  if (attempt == null || attempt === trial.attempt) return;
  throw conflict(
    `Attempt ${attempt} of trial ${trial.number} is over: its lease ended and attempt ${trial.attempt} has taken its place. Drop this work and ask for another trial.`,
    { attempt: trial.attempt, state: trial.state },
  );
}

/** @throws CallerError CONFLICT where the action is not allowed in the trial's state */
function moved(trial: TrialRecord, action: TrialAction): TrialState {
  const state = nextTrialState(trial.state, action);
  if (state !== null) return state;
  const remedy = isFinal(trial.state)
    ? 'It has ended and does not change any more; retryTrial runs its parameters again.'
    : 'Ask for it first with askTrials.';
  throw conflict(`Trial ${trial.number} is ${trial.state}. ${remedy}`, { state: trial.state });
}

function ordinal(n: number): string {
  const suffix = ['th', 'st', 'nd', 'rd'][n % 100 >= 11 && n % 100 <= 13 ? 0 : n % 10] ?? 'th';
  return `${n}${suffix}`;
}
