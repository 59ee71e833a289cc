import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';

/** Decides, after a report, whether a running trial is worth going on with. Pure: it never writes. */
export interface Pruner {
  /** The metrics whose curves the study view must keep for this pruner. */
  readonly metrics: readonly string[];
  decide(study: StudyView, trial: TrialView): PruneDecision;
}

export type PruneDecision = { readonly prune: false } | { readonly prune: true; readonly reason: string };
