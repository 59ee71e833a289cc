import type { StudyProblem } from './study.ts';
import type { TrialView } from './trial.ts';
import type { TrialIndex } from './trial-index/trial-index.ts';

/**
 * A study as samplers and pruners see it: read-only, in memory, kept up to date as trials change.
 * Trial numbers are dense from 0 but a view may lack the newest ones.
 */
export interface StudyView {
  readonly problem: StudyProblem;
  /** Trials that ended as COMPLETED, PRUNED or INFEASIBLE, in the order in which they ended. */
  readonly observed: readonly TrialView[];
  /** Trials that run now, by number. */
  readonly running: ReadonlyMap<number, TrialView>;
  /** Where the trials lie and which are best, for samplers. */
  readonly index: TrialIndex;
  trial(number: number): TrialView | undefined;
}
