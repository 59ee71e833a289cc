import type { TrialData } from '../../../client/index.ts';

/** Whether a trial does not start by itself: it was paused by request, or by its pruner. */
export function isPaused({ state, held, pruneReason }: TrialData): boolean {
  return state === 'QUEUED' && (held || pruneReason !== null);
}
