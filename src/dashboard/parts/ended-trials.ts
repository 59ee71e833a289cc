import type { TrialCounts } from '../../client/index.ts';

/** How many trials will not run again. */
export function endedTrials(counts: TrialCounts): number {
  return counts.total - counts.queued - counts.running;
}
