import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LiveStudyView, type TrialChange } from '../../src/core/live-study-view.ts';
import { parseStudyProblem } from '../../src/core/parse-problem.ts';
import {
  isFinal,
  nextTrialState,
  type TrialAction,
  type TrialState,
  type TrialView,
} from '../../src/core/trial.ts';

const problem = parseStudyProblem({
  searchSpace: {},
  objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
});
const actions: TrialAction[] = [
  'claim',
  'requeue',
  'complete',
  'prune',
  'infeasible',
  'fail',
  'cancel',
  'abandon',
  'reject',
];

const change = (number: number, state: TrialState, loss: number | null = null): TrialChange => ({
  number,
  state,
  params: { rate: number },
  values: loss === null ? null : { loss },
  feasible: loss === null ? null : true,
});

/** Everything a view shows, to compare two of them. */
function shown(view: LiveStudyView): unknown {
  const plain = ({ curves, ...trial }: TrialView) => ({ ...trial, curves: Object.fromEntries(curves) });
  return {
    trials: [...view.trials.values()].sort((a, b) => a.number - b.number).map(plain),
    observed: view.observed.map(plain),
    running: [...view.running.values()].sort((a, b) => a.number - b.number).map(plain),
    counts: view.trialCounts,
  };
}

type Step =
  | { kind: 'act'; number: number; action: TrialAction; loss: number }
  | { kind: 'report'; number: number; steps: number[]; value: number };
const number = fc.nat({ max: 5 });
const history: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('act' as const),
      number,
      action: fc.constantFrom(...actions),
      loss: fc.double(),
    }),
    fc.record({
      kind: fc.constant('report' as const),
      number,
      steps: fc.array(fc.nat({ max: 20 }), { maxLength: 5 }),
      value: fc.double(),
    }),
  ),
  { maxLength: 60 },
);

test('a view kept step by step equals one built afresh from what was stored', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const live = new LiveStudyView(problem);
      const stored = new Map<number, TrialChange>();
      const endedInOrder: number[] = [];
      const points = new Map<number, Map<number, number>>();
      for (const step of steps) {
        if (step.kind === 'report') {
          live.appendCurve(
            step.number,
            'loss',
            step.steps,
            step.steps.map(() => step.value),
          );
          const series = points.get(step.number) ?? new Map<number, number>();
          for (const at of step.steps) series.set(at, step.value);
          points.set(step.number, series);
          continue;
        }
        const before = stored.get(step.number)?.state;
        const after = before === undefined ? 'QUEUED' : nextTrialState(before, step.action);
        if (after === null) continue;
        const next = change(step.number, after, isFinal(after) ? step.loss : null);
        stored.set(step.number, next);
        if (isFinal(after)) endedInOrder.push(step.number);
        live.apply(next);
      }

      const rebuilt = new LiveStudyView(problem);
      for (const [trial, series] of points) {
        const ascending = [...series].sort(([a], [b]) => a - b);
        if (ascending.length === 0) rebuilt.appendCurve(trial, 'loss', [], []);
        rebuilt.appendCurve(
          trial,
          'loss',
          ascending.map(([at]) => at),
          ascending.map(([, value]) => value),
        );
      }
      const unfinished = [...stored.keys()].filter((trial) => !endedInOrder.includes(trial));
      for (const trial of [...endedInOrder, ...unfinished]) rebuilt.apply(stored.get(trial)!);
      expect(shown(live)).toEqual(shown(rebuilt));

      for (const trial of stored.values()) live.apply(trial);
      expect(shown(live)).toEqual(shown(rebuilt));
    }),
  );
});

test('a trial that is retried leaves the observed ones, the others keep their order', () => {
  const view = new LiveStudyView(problem);
  for (const n of [2, 0, 1]) view.apply(change(n, 'COMPLETED', n));
  view.apply(change(0, 'RUNNING'));
  expect(view.observed.map((trial) => trial.number)).toEqual([2, 1]);
  view.apply(change(0, 'PRUNED'));
  view.apply(change(1, 'COMPLETED', 7));
  expect(view.observed.map((trial) => trial.number)).toEqual([2, 1, 0]);
  expect(view.observed[1]!.values).toEqual({ loss: 7 });
});

test('failed and cancelled trials are counted but not observed', () => {
  const view = new LiveStudyView(problem);
  view.apply(change(0, 'FAILED'));
  view.apply(change(1, 'CANCELLED'));
  view.apply(change(2, 'INFEASIBLE'));
  view.apply(change(3, 'QUEUED'));
  view.apply(change(4, 'RUNNING'));
  expect(view.observed.map((trial) => trial.number)).toEqual([2]);
  expect([...view.running.keys()]).toEqual([4]);
  expect(view.trialCounts).toEqual({
    queued: 1,
    running: 1,
    completed: 0,
    pruned: 0,
    infeasible: 1,
    failed: 1,
    cancelled: 1,
    total: 5,
  });
});
