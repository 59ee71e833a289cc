/** How many trials are in each state. */
export interface TrialCounts {
  readonly queued: number;
  readonly running: number;
  readonly completed: number;
  readonly pruned: number;
  readonly infeasible: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly total: number;
}

export const noTrials: TrialCounts = {
  queued: 0,
  running: 0,
  completed: 0,
  pruned: 0,
  infeasible: 0,
  failed: 0,
  cancelled: 0,
  total: 0,
};
