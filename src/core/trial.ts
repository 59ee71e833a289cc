import type { Params } from './search-space/space.ts';

/**
 * ```
 * QUEUED --claim--> RUNNING --complete----> COMPLETED
 *   |  ^               |  \---prune-------> PRUNED
 *   |  '--requeue------'   \--infeasible--> INFEASIBLE
 *   |                       \-fail--------> FAILED
 *   '--cancel---------------'--cancel-----> CANCELLED
 * ```
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
export type TrialAction = 'claim' | 'requeue' | 'complete' | 'prune' | 'infeasible' | 'fail' | 'cancel';

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
} as const;
const transitions: Readonly<Record<TrialState, Readonly<Record<TrialAction, TrialState | null>>>> = {
  QUEUED: { ...none, claim: 'RUNNING', infeasible: 'INFEASIBLE', cancel: 'CANCELLED' },
  RUNNING: {
    claim: null,
    requeue: 'QUEUED',
    complete: 'COMPLETED',
    prune: 'PRUNED',
    infeasible: 'INFEASIBLE',
    fail: 'FAILED',
    cancel: 'CANCELLED',
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

/** One trial as samplers and pruners see it. */
export interface TrialView {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  /** Final values by metric: objectives and constrained metrics; null before the end. */
  readonly values: Readonly<Record<string, number>> | null;
  /** Whether it keeps all constraints; null while unknown. */
  readonly feasible: boolean | null;
  /** What it reported, by metric, in ascending steps. Only metrics that a pruner asked for are kept. */
  readonly curves: ReadonlyMap<string, Curve>;
}

/** A metric over steps; steps ascend strictly, both columns have one length. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}
