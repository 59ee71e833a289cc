import type { StudyResults } from './pareto/study-results.ts';
import type { StudyProblem } from './study.ts';
import type { TrialView } from './trial.ts';
import type { TrialIndex } from './trial-index/trial-index.ts';

/**
 * A study as samplers and pruners see it: read-only, in memory, kept up to date as trials change.
 * Trial numbers are dense from 0 but a view may lack the newest ones.
 */
export interface StudyView {
  readonly problem: StudyProblem;
  /**
   * Trials that ended as COMPLETED, PRUNED or INFEASIBLE, in the order in which they ended; and as PRUNED those that are
   * paused, for what they have shown so far is known as well.
   */
  readonly observed: readonly TrialView[];
  /** Trials that run now, by number. */
  readonly running: ReadonlyMap<number, TrialView>;
  /** Where the trials lie and which are best, for samplers. */
  readonly index: TrialIndex;
  /** What the observed trials came to: the Pareto front and all that follows from it. */
  readonly results: StudyResults;
  trial(number: number): TrialView | undefined;
  /** All trials, whatever their state, by number. */
  readonly trials: ReadonlyMap<number, TrialView>;
  /** Calls `listener` after every change of a trial or its curves from now on, for an index that follows the study. */
  follow(listener: TrialListener): void;
}

/** `part`: what changed of the trial, which may not be in the view yet when points came before it. */
export type TrialListener = (trialNumber: number, part: 'trial' | 'curves') => void;
