import { firstFrom } from './curve.ts';
import { resultLosses, StudyResults } from './pareto/study-results.ts';
import type { StudyProblem } from './study.ts';
import type { StudyView, TrialListener } from './study-view.ts';
import type { Curve, TrialState, TrialView } from './trial.ts';
import type { TrialCounts } from './trial-counts.ts';
import { TrialIndex } from './trial-index/trial-index.ts';

/** A trial as it is now: all of `TrialView` save its curves; neither paused nor held unless it says so. */
export interface TrialChange
  extends Omit<TrialView, 'curves' | 'paused'>,
    Partial<Pick<TrialView, 'paused'>> {
  /** Whether it is QUEUED and goes on only when somebody resumes it. */
  readonly held?: boolean;
}

interface GrowingCurve extends Curve {
  readonly steps: number[];
  readonly values: number[];
}

/**
 * The view that follows a study: every change of a trial and every report is applied to it as it happens, and applying
 * a study's stored changes afresh gives the same view. Applying anything twice changes nothing.
 * A trial's view is replaced when the trial changes, so its identity can key a cache; its curves grow in place.
 */
export class LiveStudyView implements StudyView {
  readonly problem: StudyProblem;
  readonly #trials = new Map<number, TrialView>();
  readonly #curves = new Map<number, Map<string, GrowingCurve>>();
  readonly #counts = new Map<TrialState, number>();
  readonly #running = new Map<number, TrialView>();
  readonly #observed: TrialView[] = [];
  /** Where in `#observed` a trial stands. */
  readonly #places = new Map<number, number>();
  #index: TrialIndex | null = null;
  /** Queued trials that wait for their pruner. */
  readonly #paused = new Set<number>();
  /** Queued trials that wait for somebody to resume them; none is among the paused. */
  readonly #held = new Set<number>();
  readonly #listeners: TrialListener[] = [];
  /** Null until it is asked for, and after a trial that had ended became another. */
  #results: StudyResults | null = null;

  constructor(problem: StudyProblem) {
    this.problem = problem;
  }

  get observed(): readonly TrialView[] {
    return this.#observed;
  }

  get results(): StudyResults {
    this.#results ??= new StudyResults(this.problem, this.#observed);
    return this.#results;
  }

  get running(): ReadonlyMap<number, TrialView> {
    return this.#running;
  }

  get trials(): ReadonlyMap<number, TrialView> {
    return this.#trials;
  }

  /** Made at the first look, and kept from then on. */
  get index(): TrialIndex {
    if (this.#index === null) {
      this.#index = new TrialIndex(this.problem);
      for (const trial of this.#trials.values()) this.#index.change(asObserved(trial));
    }
    return this.#index;
  }

  trial(number: number): TrialView | undefined {
    return this.#trials.get(number);
  }

  follow(listener: TrialListener): void {
    this.#listeners.push(listener);
  }

  get trialCounts(): TrialCounts {
    const count = (state: TrialState): number => this.#counts.get(state) ?? 0;
    return {
      queued: count('QUEUED'),
      running: count('RUNNING'),
      completed: count('COMPLETED'),
      pruned: count('PRUNED'),
      infeasible: count('INFEASIBLE'),
      failed: count('FAILED'),
      cancelled: count('CANCELLED'),
      total: this.#trials.size,
    };
  }

  /** How many of the queued trials start as soon as there is room: they are neither paused nor held. */
  get waitingCount(): number {
    return (this.#counts.get('QUEUED') ?? 0) - this.#paused.size - this.#held.size;
  }

  /** How many of the queued trials are held. */
  get heldCount(): number {
    return this.#held.size;
  }

  /** Adds a trial or replaces what is known of it. */
  apply({ number, state, params, values, feasible, paused = false, held = false }: TrialChange): void {
    const before = this.#trials.get(number);
    const trial = { number, state, params, values, feasible, paused, curves: this.#curvesOf(number) };
    this.#trials.set(number, trial);
    if (before !== undefined) this.#counts.set(before.state, this.#counts.get(before.state)! - 1);
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + 1);
    if (state === 'RUNNING') this.#running.set(number, trial);
    else this.#running.delete(number);
    if (paused) this.#paused.add(number);
    else this.#paused.delete(number);
    if (held) this.#held.add(number);
    else this.#held.delete(number);
    const seen = asObserved(trial);
    this.#observe(seen);
    this.#index?.change(seen);
    for (const listener of this.#listeners) listener(number, 'trial');
  }

  /**
   * Adds points of a metric, in any order of steps and before or after the trial itself is known.
   * For one step the last write wins.
   */
  appendCurve(number: number, metric: string, steps: ArrayLike<number>, values: ArrayLike<number>): void {
    const curves = this.#curvesOf(number);
    let curve = curves.get(metric);
    if (curve === undefined) {
      curve = { steps: [], values: [] };
      curves.set(metric, curve);
    }
    for (let i = 0; i < steps.length; i++) setPoint(curve, steps[i]!, values[i]!);
    const trial = this.#trials.get(number);
    // Its last report says how good it was.
    if (trial !== undefined && asObserved(trial).state === 'PRUNED') this.#index?.change(asObserved(trial));
    for (const listener of this.#listeners) listener(number, 'curves');
  }

  #curvesOf(number: number): Map<string, GrowingCurve> {
    let curves = this.#curves.get(number);
    if (curves === undefined) {
      curves = new Map();
      this.#curves.set(number, curves);
    }
    return curves;
  }

  #outcome(trial: TrialView): string | undefined {
    return resultLosses(this.problem, trial)?.join();
  }

  #observe(trial: TrialView): void {
    const { number, state } = trial;
    const place = this.#places.get(number);
    const isObserved = state === 'COMPLETED' || state === 'PRUNED' || state === 'INFEASIBLE';
    if (isObserved && place === undefined) {
      this.#places.set(number, this.#observed.length);
      this.#observed.push(trial);
      this.#results?.add(trial);
    } else if (isObserved) {
      if (this.#outcome(this.#observed[place!]!) !== this.#outcome(trial)) this.#results = null;
      this.#observed[place!] = trial;
    } else if (place !== undefined) {
      // A trial that is retried leaves; those behind it move up.
      this.#results = null;
      this.#observed.splice(place, 1);
      this.#places.delete(number);
      for (let i = place; i < this.#observed.length; i++) this.#places.set(this.#observed[i]!.number, i);
    }
  }
}

/** A trial as samplers learn from it: what a paused one has shown so far counts as of a pruned one. */
function asObserved(trial: TrialView): TrialView {
  return trial.paused ? { ...trial, state: 'PRUNED' } : trial;
}

function setPoint(curve: GrowingCurve, step: number, value: number): void {
  const { steps, values } = curve;
  const last = steps.at(-1);
  if (last === undefined || step > last) {
    steps.push(step);
    values.push(value);
    return;
  }
  const i = firstFrom(steps, step);
  if (steps[i] === step) {
    values[i] = value;
  } else {
    steps.splice(i, 0, step);
    values.splice(i, 0, value);
  }
}
