import type { StudyProblem } from '../study.ts';
import type { TrialView } from '../trial.ts';
import { ParetoFront, type Result } from './front.ts';
import { HypervolumeHistory } from './hypervolume/history.ts';
import { hypervolume } from './hypervolume.ts';
import { LossBounds } from './loss-bounds.ts';
import { type Losses, lossesOf } from './losses.ts';
import { referencePointBeyond } from './reference-point.ts';

/** A result that was neither dominated nor repeated by one before it. */
export interface Improvement extends Result {
  /** How many trials had ended by then, with it. */
  readonly ended: number;
}

/** Histories from other reference points than the study's own. */
const keptHistories = 4;

/**
 * What a study's trials came to, kept as they end: O(front) each. A result is a COMPLETED trial that breaks no
 * constraint and has a number for each objective; so a trial that breaks one never dominates (constrained domination,
 * Deb et al. 2002, NSGA-II, section VI), and neither does NaN.
 */
export class StudyResults {
  readonly #problem: StudyProblem;
  readonly #results: Result[] = [];
  readonly #front = new ParetoFront();
  readonly #bounds: LossBounds;
  readonly #improvements: Improvement[] = [];
  readonly #histories = new Map<string, { history: HypervolumeHistory<Improvement>; seen: number }>();
  #ended = 0;

  constructor(problem: StudyProblem, ended: Iterable<TrialView> = []) {
    this.#problem = problem;
    this.#bounds = new LossBounds(problem.objectives.length);
    for (const trial of ended) this.add(trial);
  }

  /** Takes a trial that ended as COMPLETED, PRUNED or INFEASIBLE; each once, in the order in which they ended. */
  add(trial: TrialView): void {
    this.#ended += 1;
    const losses = resultLosses(this.#problem, trial);
    if (losses === null) return;
    const result = { number: trial.number, losses };
    this.#results.push(result);
    this.#bounds.add(losses);
    if (this.#front.add(result) === 'NEW') this.#improvements.push({ ...result, ended: this.#ended });
  }

  get all(): readonly Result[] {
    return this.#results;
  }

  /** The results that none dominates, in no particular order. With one objective: all that share the least loss. */
  get front(): readonly Result[] {
    return this.#front.members;
  }

  get bounds(): LossBounds {
    return this.#bounds;
  }

  /** How many trials have ended since one was better than all before (several objectives: new on the front). */
  get sinceImprovement(): number {
    return this.#ended - (this.#improvements.at(-1)?.ended ?? 0);
  }

  get referencePoint(): Losses {
    return referencePointBeyond(this.#bounds);
  }

  /** The hypervolume of the front; null for one objective and before the first result. */
  hypervolume(reference: Losses = this.referencePoint): number | null {
    if (this.#problem.objectives.length < 2 || this.front.length === 0) return null;
    return hypervolume(
      this.front.map(({ losses }) => losses),
      reference,
    );
  }

  /** How the hypervolume within one reference point grew as trials ended; what is known of it is kept. */
  hypervolumeHistory(reference: Losses = this.referencePoint): HypervolumeHistory<Improvement> {
    const key = reference.join();
    const known = this.#histories.get(key) ?? { history: new HypervolumeHistory(reference), seen: 0 };
    this.#histories.delete(key);
    this.#histories.set(key, known);
    if (this.#histories.size > keptHistories) this.#histories.delete(this.#histories.keys().next().value!);
    while (known.seen < this.#improvements.length) known.history.add(this.#improvements[known.seen++]!);
    return known.history;
  }
}

/** The losses of a trial that is a result; null for any other. */
export function resultLosses({ objectives }: StudyProblem, trial: TrialView): Losses | null {
  if (trial.state !== 'COMPLETED' || trial.feasible === false) return null;
  return lossesOf(objectives, trial.values);
}
