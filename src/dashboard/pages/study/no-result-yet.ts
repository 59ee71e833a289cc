import type { StudyData } from '../../../client/index.ts';

/** Why a study that has begun has no result yet, and what to do about it. */
export function noResultYet({ trialCounts: { total, failed, infeasible } }: StudyData): string {
  if (total > 0 && failed === total)
    return 'Every trial has failed. The overview tells what went wrong last.';
  if (infeasible > 0) return 'No trial has kept the constraints yet. Looser ones let more trials count.';
  return 'The first completed trial appears here.';
}
