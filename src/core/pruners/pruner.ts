import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';

/** Decides, after a report, whether a running trial is worth going on with. Pure: it never writes. */
export interface Pruner {
  /** The metrics whose curves the study view must keep for this pruner. */
  readonly metrics: readonly string[];
  /**
   * Judges a trial by the curves that the view has of it now.
   * @param before how far each metric had come before this report; absent: up to its last point but one
   */
  decide(study: StudyView, trial: TrialView, before?: Progress): PruneDecision;
  /** Whether it may pause trials; absent: no. */
  readonly pauses?: boolean;
  /**
   * The paused trial that should go on next, and why, or null; absent where the pruner pauses none.
   * @param anyway whether the best one should go on though it has not earned it; absent: no
   */
  promote?(study: StudyView, anyway?: boolean): Promotion | null;
}

/** The last step of each metric; absent for those without a point. */
export type Progress = ReadonlyMap<string, number>;

export type PruneDecision =
  | { readonly action: 'CONTINUE' }
  /** PAUSE: its place is free for another trial, and it may be promoted later. STOP: it ends. */
  | { readonly action: 'PAUSE' | 'STOP'; readonly reason: string };

export interface Promotion {
  readonly trialNumber: number;
  readonly reason: string;
}

export const goOn: PruneDecision = { action: 'CONTINUE' };
