import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { parseStudyProblem } from '../../../src/core/parse-problem.ts';
import { createPruner } from '../../../src/core/pruners/create-pruner.ts';
import type { PruneDecision } from '../../../src/core/pruners/pruner.ts';
import type { Direction } from '../../../src/core/study.ts';
import type { TrialState } from '../../../src/core/trial.ts';

type Row = [state: TrialState, values: number[]];

/** Decides on a running trial with the values of steps 1, 2, ... beside finished and running peers. */
function decide(settings: JsonObject, direction: Direction, peers: Row[], values: number[]): PruneDecision {
  const problem = parseStudyProblem({ searchSpace: {}, objectives: [{ metric: 'score', direction }] });
  const view = new LiveStudyView(problem);
  [...peers, ['RUNNING', values] satisfies Row].forEach((row, number) => {
    const [state, column] = row as Row;
    view.appendCurve(
      number,
      'score',
      column.map((_, i) => i + 1),
      column,
    );
    view.apply({ number, state, params: {}, values: null, feasible: null });
  });
  return createPruner(settings, problem)!.decide(view, view.trial(peers.length)!);
}

const completed = (...columns: number[][]): Row[] => columns.map((values) => ['COMPLETED', values]);
const five = completed([1, 10], [2, 20], [3, 30], [4, 40], [5, 50]);
const median = { kind: 'median' };

describe('the median pruner', () => {
  test('ends a trial whose best value is strictly worse than the median at its step, and says so in numbers', () => {
    expect(decide(median, 'MAXIMIZE', five, [1, 29.123456])).toEqual({
      action: 'STOP',
      reason: 'score 29.12 by step 2 is below the median 30 of 5 trials',
    });
    expect(decide(median, 'MINIMIZE', five, [99, 31])).toEqual({
      action: 'STOP',
      reason: 'score 31 by step 2 is above the median 30 of 5 trials',
    });
  });

  test('lets a trial go on that is at the median, or was better before', () => {
    expect(decide(median, 'MAXIMIZE', five, [1, 30]).action).toBe('CONTINUE');
    expect(decide(median, 'MAXIMIZE', five, [31, 1]).action).toBe('CONTINUE');
  });

  test('waits for its start-up trials, its warm-up and its interval', () => {
    expect(decide(median, 'MAXIMIZE', five.slice(1), [0]).action).toBe('CONTINUE');
    expect(decide({ ...median, startupTrials: 4 }, 'MAXIMIZE', five.slice(1), [0]).action).toBe('STOP');
    expect(decide({ ...median, warmupSteps: 3 }, 'MAXIMIZE', five, [0, 0]).action).toBe('CONTINUE');
    expect(decide({ ...median, warmupSteps: 2 }, 'MAXIMIZE', five, [0, 0]).action).toBe('STOP');
    const ten = completed(...five.map(([, [last]]) => Array.from({ length: 10 }, () => last!)));
    const pruned = Array.from({ length: 10 }, (_, i) => {
      const values = Array.from({ length: i + 1 }, () => 0);
      return decide({ ...median, warmupSteps: 2, interval: 3 }, 'MAXIMIZE', ten, values).action === 'STOP'
        ? i + 1
        : 0;
    });
    expect(pruned.filter((step) => step > 0)).toEqual([2, 5, 8]);
  });

  test('compares with pruned trials that came as far, and not with others', () => {
    const peers: Row[] = [
      ...five,
      ['PRUNED', [0, 0]],
      ['PRUNED', [0, 1]],
      ['PRUNED', [900]],
      ['FAILED', [0, 0]],
    ];
    expect(decide(median, 'MAXIMIZE', peers, [1, 19])).toMatchObject({
      reason: 'score 19 by step 2 is below the median 20 of 7 trials',
    });
    const infeasible: Row[] = [...five, ['INFEASIBLE', [99, 99]], ['INFEASIBLE', [99, 99]]];
    expect(decide(median, 'MAXIMIZE', infeasible, [1, 30]).action).toBe('CONTINUE');
  });

  test('counts NaN as worse than any number', () => {
    expect(decide(median, 'MAXIMIZE', five, [Number.NaN, Number.NaN])).toEqual({
      action: 'STOP',
      reason: 'score is not a number at any step up to 2; the median of 5 trials is 30',
    });
    expect(decide(median, 'MAXIMIZE', five, [35, Number.NaN]).action).toBe('CONTINUE');
    const broken = completed([Number.NaN], [Number.NaN], [Number.NaN], [1], [2]);
    expect(decide(median, 'MAXIMIZE', broken, [0.5]).action).toBe('CONTINUE');
    expect(decide(median, 'MINIMIZE', broken, [Number.NaN]).action).toBe('CONTINUE');
  });

  test('has nothing to say before the first report or where none came as far', () => {
    expect(decide(median, 'MAXIMIZE', five, []).action).toBe('CONTINUE');
    expect(decide(median, 'MAXIMIZE', five, [0, 0, 0]).action).toBe('CONTINUE');
  });
});

const asha = { kind: 'asha', minResource: 2, reductionFactor: 3 };

describe('the ASHA pruner', () => {
  test('lets only the best of every three on a rung go on, and says so in numbers', () => {
    const peers = completed([0, 5], [0, 4]);
    expect(decide(asha, 'MAXIMIZE', peers, [9, 3])).toEqual({
      action: 'STOP',
      reason: 'score 3 at rung 2 is number 3 of 3 trials, and the best 1 go on',
    });
    expect(decide(asha, 'MAXIMIZE', peers, [0, 6]).action).toBe('CONTINUE');
    expect(decide(asha, 'MAXIMIZE', peers, [0, 5]).action).toBe('CONTINUE');
    expect(decide(asha, 'MINIMIZE', peers, [0, 6]).action).toBe('STOP');
    expect(decide(asha, 'MINIMIZE', peers, [0, 3]).action).toBe('CONTINUE');
  });

  test('lets all go on below the lowest rung and while fewer than the factor are on it', () => {
    expect(decide(asha, 'MAXIMIZE', completed([9, 9], [9, 9], [9, 9]), [0]).action).toBe('CONTINUE');
    expect(decide(asha, 'MAXIMIZE', completed([9, 9], [9]), [0, 0]).action).toBe('CONTINUE');
  });

  test('compares at the highest rung reached, with running and pruned trials too', () => {
    const long = (value: number, steps: number) => Array.from({ length: steps }, () => value);
    const peers: Row[] = [
      ['RUNNING', long(9, 6)],
      ['PRUNED', long(8, 7)],
      ['COMPLETED', long(7, 5)],
      ['FAILED', long(9, 9)],
    ];
    expect(decide(asha, 'MAXIMIZE', peers, long(5, 7))).toMatchObject({
      reason: 'score 5 at rung 6 is number 3 of 3 trials, and the best 1 go on',
    });
    expect(decide(asha, 'MAXIMIZE', peers, long(8.5, 3))).toMatchObject({ action: 'STOP' });
    expect(decide(asha, 'MAXIMIZE', peers, long(10, 7)).action).toBe('CONTINUE');
  });

  test('counts NaN as worse than any number', () => {
    expect(decide(asha, 'MINIMIZE', completed([1, 1], [2, 2]), [0, Number.NaN])).toMatchObject({
      reason: 'score not a number at rung 2 is number 3 of 3 trials, and the best 1 go on',
    });
    const broken = completed([Number.NaN, Number.NaN], [Number.NaN, Number.NaN]);
    expect(decide(asha, 'MINIMIZE', broken, [0, 1]).action).toBe('CONTINUE');
  });
});

test('no pruner ends the best trial, and none minds a flip of direction and sign', () => {
  const column = fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN)), {
    maxLength: 9,
  });
  const state = fc.constantFrom<TrialState>('COMPLETED', 'PRUNED', 'RUNNING', 'INFEASIBLE');
  const peers = fc.array(fc.tuple(state, column), { maxLength: 12 });
  const settings = fc.constantFrom({ ...median, startupTrials: 1 }, asha);
  const negated = (values: number[]) => values.map((value) => -value);
  fc.assert(
    fc.property(settings, peers, column, (setting, rows, values) => {
      const best = values.map(() => 10);
      expect(decide(setting, 'MAXIMIZE', rows, best).action).toBe('CONTINUE');
      const flipped = rows.map(([trialState, own]): Row => [trialState, negated(own)]);
      expect(decide(setting, 'MINIMIZE', flipped, negated(values)).action).toBe(
        decide(setting, 'MAXIMIZE', rows, values).action,
      );
    }),
  );
});
