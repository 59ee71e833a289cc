import type { TrialState } from '../../client/index.ts';

export interface ShownState {
  readonly label: string;
  /** A CSS value, which follows the colour scheme; charts on a canvas use `resolvedColor`. */
  readonly color: string;
}

/** How each state of a trial looks, everywhere. */
export const trialStates: Readonly<Record<TrialState, ShownState>> = {
  QUEUED: { label: 'Queued', color: 'var(--state-queued)' },
  RUNNING: { label: 'Running', color: 'var(--state-running)' },
  COMPLETED: { label: 'Completed', color: 'var(--state-completed)' },
  PRUNED: { label: 'Pruned', color: 'var(--state-pruned)' },
  INFEASIBLE: { label: 'Infeasible', color: 'var(--state-infeasible)' },
  FAILED: { label: 'Failed', color: 'var(--state-failed)' },
  CANCELLED: { label: 'Cancelled', color: 'var(--state-cancelled)' },
};

/** In the order of their counts: what has ended first, then what is under way. */
export const countedStates = [
  'COMPLETED',
  'PRUNED',
  'INFEASIBLE',
  'FAILED',
  'CANCELLED',
  'RUNNING',
  'QUEUED',
] as const satisfies readonly TrialState[];

/** In the order of a trial's life. */
export const trialStateOrder = Object.keys(trialStates) as readonly TrialState[];
