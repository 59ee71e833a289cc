import type { JsonObject } from '../../src/core/json.ts';
import { LiveStudyView } from '../../src/core/live-study-view.ts';
import { parseStudyProblem } from '../../src/core/parse-problem.ts';
import { createPruner } from '../../src/core/pruners/create-pruner.ts';
import type { Pruner } from '../../src/core/pruners/pruner.ts';
import { createRandom } from '../../src/core/random.ts';
import type { TrialState } from '../../src/core/trial.ts';
import { shuffle } from '../../src/trainables/datasets/split.ts';
import type { CurveProblem } from './curves.ts';

export const workers = 4;
/** The best setting in so many is good enough. */
const oneIn = 50;

/** A search through a problem's settings in an order, until one has completed at the target. */
export interface Search {
  readonly problem: CurveProblem;
  readonly order: readonly number[];
  readonly target: number;
}

export function searchesOf(problem: CurveProblem, seeds: number): Search[] {
  const target = targetOf(problem);
  return Array.from({ length: seeds }, (_, seed) => {
    const order = shuffle(
      Uint32Array.from(problem.curves, (_, i) => i),
      createRandom(5, seed),
    );
    return { problem, order: [...order], target };
  });
}

/** The final value that one in fifty settings reaches. */
function targetOf({ curves, direction, steps }: CurveProblem): number {
  const last = curves.map((curve) => curve[steps - 1]).filter((value) => value != null);
  last.sort((a, b) => (direction === 'MINIMIZE' ? a - b : b - a));
  return last[Math.max(0, Math.floor(curves.length / oneIn) - 1)]!;
}

/** How many steps all workers have made when a trial has completed at the target; null where none does. */
export interface Cost {
  readonly spent: number;
  readonly reached: boolean;
}

interface Worker {
  number: number;
  step: number;
}

/** Runs a search with a pruner, four trials at a time, each making one step in turn. */
export function search({ problem, order, target }: Search, settings: JsonObject | null): Cost {
  const { direction, steps, curves } = problem;
  const study = parseStudyProblem({ searchSpace: {}, objectives: [{ metric: 'value', direction }] });
  const view = new LiveStudyView(study);
  const pruner = createPruner(settings, study);
  const stepOf = new Map<number, number>();
  const put = (number: number, state: TrialState, paused = false): void => {
    const value = curves[order[number]!]![steps - 1] ?? Number.NaN;
    const values = state === 'COMPLETED' ? { value } : null;
    view.apply({ number, state, paused, params: {}, values, feasible: null });
  };
  let started = 0;
  const next = (): Worker | null => {
    const promoted = pruner?.promote?.(view)?.trialNumber;
    if (promoted === undefined && started === order.length) return null;
    const number = promoted ?? started++;
    put(number, 'RUNNING');
    return { number, step: stepOf.get(number) ?? 0 };
  };
  const isReached = (value: number): boolean =>
    direction === 'MINIMIZE' ? value <= target : value >= target;

  const running: (Worker | null)[] = Array(workers).fill(null);
  for (let spent = 0; ; ) {
    for (let i = 0; i < workers; i++) running[i] ??= next();
    if (running.every((worker) => worker === null)) return { spent, reached: false };
    for (const [i, worker] of running.entries()) {
      if (worker === null) continue;
      spent++;
      worker.step++;
      const value = curves[order[worker.number]!]![worker.step - 1] ?? Number.NaN;
      const action = reportTo(view, pruner, worker, value);
      if (worker.step === steps) {
        if (isReached(value)) return { spent, reached: true };
        put(worker.number, Number.isNaN(value) ? 'FAILED' : 'COMPLETED');
        running[i] = null;
      } else if (action !== 'CONTINUE') {
        stepOf.set(worker.number, worker.step);
        put(worker.number, action === 'PAUSE' ? 'QUEUED' : 'PRUNED', action === 'PAUSE');
        running[i] = null;
      }
    }
  }
}

function reportTo(view: LiveStudyView, pruner: Pruner | null, { number, step }: Worker, value: number) {
  view.appendCurve(number, 'value', [step], [value]);
  const before = new Map(step === 1 ? [] : [['value', step - 1]]);
  return pruner === null ? 'CONTINUE' : pruner.decide(view, view.trial(number)!, before).action;
}
