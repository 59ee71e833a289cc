import type { Params } from './search-space/space.ts';

/**
 * ```
 * QUEUED --claim--> RUNNING --complete----> COMPLETED
 *   |  ^               |  \---prune-------> PRUNED
 *   |  '--requeue------'   \--infeasible--> INFEASIBLE
 *   |     (pause)           \-fail--------> FAILED
 *   |--cancel---------------'--cancel-----> CANCELLED
 *   |--abandon---------------------------> PRUNED
 *   '--reject----------------------------> INFEASIBLE
 * ```
 * A trial that its pruner pauses is QUEUED again, with the reason, and is claimed only when the pruner promotes it; when
 * its study ends before, it is abandoned. One that is paused by request is held: QUEUED, and claimed only when somebody
 * has resumed it. One that fits no device is rejected before it starts.
 * INFEASIBLE is an observation (the setting breaks a constraint, running out of memory is one), not an error.
 */
export type TrialState =
  | 'QUEUED'
  | 'RUNNING'
  | 'COMPLETED'
  | 'PRUNED'
  | 'INFEASIBLE'
  | 'FAILED'
  | 'CANCELLED';
export type FinalTrialState = Exclude<TrialState, 'QUEUED' | 'RUNNING'>;
export type TrialAction =
  | 'claim'
  | 'requeue'
  | 'complete'
  | 'prune'
  | 'infeasible'
  | 'fail'
  | 'cancel'
  | 'abandon'
  | 'reject';

export const trialStates: readonly TrialState[] = [
  'QUEUED',
  'RUNNING',
  'COMPLETED',
  'PRUNED',
  'INFEASIBLE',
  'FAILED',
  'CANCELLED',
];

const none = {
  claim: null,
  requeue: null,
  complete: null,
  prune: null,
  infeasible: null,
  fail: null,
  cancel: null,
  abandon: null,
  reject: null,
} as const;
const transitions: Readonly<Record<TrialState, Readonly<Record<TrialAction, TrialState | null>>>> = {
  QUEUED: {
    ...none,
    claim: 'RUNNING',
    abandon: 'PRUNED',
    reject: 'INFEASIBLE',
    cancel: 'CANCELLED',
  },
  RUNNING: {
    claim: null,
    requeue: 'QUEUED',
    complete: 'COMPLETED',
    prune: 'PRUNED',
    infeasible: 'INFEASIBLE',
    fail: 'FAILED',
    cancel: 'CANCELLED',
    abandon: null,
    reject: null,
  },
  COMPLETED: none,
  PRUNED: none,
  INFEASIBLE: none,
  FAILED: none,
  CANCELLED: none,
};

/** The state after an action, or null where the action is not allowed. */
export function nextTrialState(state: TrialState, action: TrialAction): TrialState | null {
  return transitions[state][action];
}

export function isFinal(state: TrialState): state is FinalTrialState {
  return state !== 'QUEUED' && state !== 'RUNNING';
}

interface Pausable {
  readonly state: TrialState;
  readonly pruneReason: string | null;
  readonly held: boolean;
}

/** Whether a trial waits until its pruner promotes it: a queued one has a reason for not being started. */
export function isPaused({ state, pruneReason, held }: Pausable): boolean {
  return state === 'QUEUED' && pruneReason !== null && !held;
}

/** Whether a trial waits until somebody resumes it. */
export function isHeld({ state, held }: Pick<Pausable, 'state' | 'held'>): boolean {
  return state === 'QUEUED' && held;
}

/** One trial as samplers and pruners see it. */
export interface TrialView {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  /** Final values by metric: objectives and constrained metrics; null before the end. */
  readonly values: Readonly<Record<string, number>> | null;
  /** Whether it keeps all constraints; null while unknown. */
  readonly feasible: boolean | null;
  /** Whether it is QUEUED and goes on only when the pruner promotes it. */
  readonly paused: boolean;
  /** What it reported, by metric, in ascending steps. Only metrics that a pruner asked for are kept. */
  readonly curves: ReadonlyMap<string, Curve>;
}

/** A metric over steps; steps ascend strictly, both columns have one length. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}
