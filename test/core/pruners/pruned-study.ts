import type { JsonObject } from '../../../src/core/json.ts';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { parseStudyProblem } from '../../../src/core/parse-problem.ts';
import { createPruner } from '../../../src/core/pruners/create-pruner.ts';
import type { PruneDecision, Pruner } from '../../../src/core/pruners/pruner.ts';
import type { Direction, Objective, StudyProblem } from '../../../src/core/study.ts';
import type { TrialState } from '../../../src/core/trial.ts';

/** A trial: its state, and what it has reported at steps 1, 2, ... by metric; the last are its final values. */
export interface Row {
  readonly state: TrialState;
  readonly paused?: boolean;
  readonly curves: Readonly<Record<string, readonly number[]>>;
}

export function problemOf(objectives: readonly Objective[]): StudyProblem {
  return parseStudyProblem({ searchSpace: {}, objectives });
}

export function row(state: TrialState, score: readonly number[]): Row {
  return { state, curves: { score } };
}

export const completed = (...scores: number[][]): Row[] => scores.map((score) => row('COMPLETED', score));

/** Adds a trial, or takes over what it has become. */
export function put(view: LiveStudyView, number: number, { state, paused = false, curves }: Row): void {
  for (const [metric, values] of Object.entries(curves)) {
    const steps = values.map((_, i) => i + 1);
    view.appendCurve(number, metric, steps, values);
  }
  const last = Object.entries(curves).map(([metric, values]) => [metric, values.at(-1) ?? Number.NaN]);
  const values = state === 'COMPLETED' ? Object.fromEntries(last) : null;
  view.apply({ number, state, paused, params: {}, values, feasible: null });
}

export function viewOf(problem: StudyProblem, rows: readonly Row[]): LiveStudyView {
  const view = new LiveStudyView(problem);
  rows.forEach((entry, number) => {
    put(view, number, entry);
  });
  return view;
}

/** What a pruner decides on the last of these trials, whose objective is the `score`. */
export function decide(
  settings: JsonObject,
  direction: Direction,
  peers: readonly Row[],
  score: readonly number[],
): PruneDecision {
  return decideOn(settings, problemOf([{ metric: 'score', direction }]), [...peers, row('RUNNING', score)]);
}

export function decideOn(settings: JsonObject, problem: StudyProblem, rows: readonly Row[]): PruneDecision {
  const view = viewOf(problem, rows);
  return prunerOf(settings, problem).decide(view, view.trial(rows.length - 1)!);
}

export function prunerOf(settings: JsonObject, problem: StudyProblem): Pruner {
  return createPruner(settings, problem)!;
}
