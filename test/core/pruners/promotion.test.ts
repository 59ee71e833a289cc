import { describe, expect, test } from 'vitest';
import { createPruner } from '../../../src/core/pruners/create-pruner.ts';
import type { HyperbandPruner } from '../../../src/core/pruners/hyperband-pruner.ts';
import { decideOn, problemOf, prunerOf, put, type Row, row, viewOf } from './pruned-study.ts';

const problem = problemOf([{ metric: 'score', direction: 'MAXIMIZE' }]);
const asha = { kind: 'asha', minResource: 1, reductionFactor: 3, promotion: true };
const paused = (...score: number[]): Row => ({ ...row('QUEUED', score), paused: true });

describe('promotion', () => {
  test('pauses the first trials on a rung, and lets one that is among the best third go on at once', () => {
    expect(decideOn(asha, problem, [row('RUNNING', [9])])).toEqual({
      action: 'PAUSE',
      reason: 'score 9 at rung 1 is number 1 of 1 trials, and the best 0 go on by now',
    });
    expect(decideOn(asha, problem, [paused(1), paused(2), row('RUNNING', [3])]).action).toBe('CONTINUE');
    expect(decideOn(asha, problem, [paused(1), paused(2), row('RUNNING', [2])]).action).toBe('PAUSE');
  });

  test('judges a trial once a rung, though it reports many steps at once or is resumed between rungs', () => {
    const pruner = prunerOf(asha, problem);
    const view = viewOf(problem, [paused(8), paused(9), row('RUNNING', [1, 1])]);
    const trial = view.trial(2)!;
    expect(pruner.decide(view, trial, new Map()).action).toBe('PAUSE');
    expect(pruner.decide(view, trial, new Map([['score', 1]])).action).toBe('CONTINUE');
    put(view, 2, row('RUNNING', [1, 1, 1, 1]));
    expect(pruner.decide(view, view.trial(2)!, new Map([['score', 2]])).action).toBe('PAUSE');
    // The same report again.
    expect(pruner.decide(view, view.trial(2)!, new Map([['score', 4]])).action).toBe('CONTINUE');
  });

  test('offers the best paused trial of the highest rung that has a place for it', () => {
    const pruner = prunerOf(asha, problem);
    const low = [paused(1), paused(5), paused(3), paused(4), paused(2)];
    const view = viewOf(problem, low);
    expect(pruner.promote!(view)).toMatchObject({
      trialNumber: 1,
      reason: 'score 5 at rung 1 is number 1 of 5 trials, and the best 1 go on',
    });
    put(view, 1, row('RUNNING', [5]));
    expect(pruner.promote!(view)).toBeNull();
    put(view, 5, paused(0));
    expect(pruner.promote!(view)).toMatchObject({ trialNumber: 3 });
    for (const number of [6, 7, 8]) put(view, number, paused(9, 9, number));
    expect(pruner.promote!(view)).toMatchObject({
      trialNumber: 8,
      reason: expect.stringContaining('rung 3'),
    });
  });

  test('prefers the lower number where trials tie, and promotes none without a number', () => {
    const pruner = prunerOf(asha, problem);
    expect(pruner.promote!(viewOf(problem, [paused(1), paused(1), paused(1)]))!.trialNumber).toBe(0);
    const nan = paused(Number.NaN);
    expect(pruner.promote!(viewOf(problem, [nan, nan, nan]))).toBeNull();
    expect(decideOn(asha, problem, [paused(1), paused(1), row('RUNNING', [1])]).action).toBe('PAUSE');
  });

  test('counts trials that ended among those on a rung, but not failed, cancelled and infeasible ones', () => {
    const pruner = prunerOf(asha, problem);
    const others = [row('COMPLETED', [1, 1, 1]), row('PRUNED', [0])];
    expect(pruner.promote!(viewOf(problem, [paused(2), ...others]))!.trialNumber).toBe(0);
    for (const state of ['FAILED', 'CANCELLED', 'INFEASIBLE'] as const) {
      expect(pruner.promote!(viewOf(problem, [paused(2), others[0]!, row(state, [0])]))).toBeNull();
    }
  });

  test('has no rung where trials are done, and holds nobody up below minTrials', () => {
    const settings = { ...asha, maxResource: 3 };
    expect(decideOn(settings, problem, [row('RUNNING', [1])]).action).toBe('PAUSE');
    const pruner = prunerOf(settings, problem);
    const view = viewOf(problem, [row('RUNNING', [1, 1, 1])]);
    expect(pruner.decide(view, view.trial(0)!, new Map([['score', 2]])).action).toBe('CONTINUE');
    expect(decideOn({ ...asha, minTrials: 2 }, problem, [row('RUNNING', [1])]).action).toBe('CONTINUE');
  });

  test('offers nothing where trials are stopped instead', () => {
    const pruner = prunerOf({ ...asha, promotion: false }, problem);
    expect(pruner.pauses).toBe(false);
    expect(pruner.promote!(viewOf(problem, [paused(1), paused(2), paused(3)]))).toBeNull();
  });

  test('goes through a patient pruner', () => {
    const pruner = prunerOf({ kind: 'patient', patience: 0, pruner: asha }, problem);
    expect(pruner.pauses).toBe(true);
    expect(pruner.promote!(viewOf(problem, [paused(1), paused(2), paused(3)]))!.trialNumber).toBe(2);
  });
});

describe('with several objectives', () => {
  const two = problemOf([
    { metric: 'good', direction: 'MAXIMIZE' },
    { metric: 'cost', direction: 'MINIMIZE' },
  ]);
  const trial = (state: Row['state'], good: number[], cost: number[], isPaused = false): Row => ({
    state,
    paused: isPaused,
    curves: { good, cost },
  });

  test('a rung is ranked by non-dominated sorting, and within a front by how crowded it is', () => {
    const peers = [
      trial('COMPLETED', [9], [9]),
      trial('COMPLETED', [1], [1]),
      trial('COMPLETED', [5], [5]),
      trial('COMPLETED', [4], [6]),
      trial('COMPLETED', [3], [7]),
    ];
    const settings = { kind: 'asha', reductionFactor: 2 };
    expect(decideOn(settings, two, [...peers, trial('RUNNING', [2], [8])])).toEqual({
      action: 'STOP',
      reason: 'good 2, cost 8 at rung 1 is number 6 of 6 trials, and the best 3 go on',
    });
    expect(decideOn(settings, two, [...peers, trial('RUNNING', [10], [10])]).action).toBe('CONTINUE');
    // All of the front: its ends stay, the most crowded go.
    expect(decideOn(settings, two, [...peers.slice(0, 3), trial('RUNNING', [5.5], [5.4])]).action).toBe(
      'STOP',
    );
  });

  test('a trial is on a rung once it has reported every objective there', () => {
    const pruner = prunerOf({ kind: 'asha', reductionFactor: 2, promotion: true }, two);
    const view = viewOf(two, [trial('COMPLETED', [9], [1]), trial('RUNNING', [5, 5, 5], [])]);
    expect(pruner.decide(view, view.trial(1)!, new Map()).action).toBe('CONTINUE');
    view.appendCurve(1, 'cost', [1], [5]);
    expect(pruner.decide(view, view.trial(1)!, new Map([['good', 3]]))).toMatchObject({ action: 'PAUSE' });
  });

  test('one metric can be named', () => {
    const settings = { kind: 'asha', metric: 'cost', reductionFactor: 2 };
    expect(decideOn(settings, two, [trial('COMPLETED', [9], [9]), trial('RUNNING', [1], [1])])).toEqual({
      action: 'CONTINUE',
    });
    expect(prunerOf(settings, two).metrics).toEqual(['cost']);
  });
});

describe('Hyperband', () => {
  const settings = { kind: 'hyperband', minResource: 1, maxResource: 81 };
  const pruner = createPruner(settings, problem) as HyperbandPruner;

  test('has a bracket for every number of rungs below the last step, each with its share of the trials', () => {
    expect(pruner.bracketCount).toBe(5);
    const counts = [0, 0, 0, 0, 0];
    for (let number = 0; number < 1000; number++) counts[pruner.bracketOf(number)]!++;
    // 81/5, 27/4, 9/3, 3/2 and 1 of their sum.
    const weights = [81 / 5, 27 / 4, 3, 1.5, 1];
    const total = weights.reduce((a, b) => a + b);
    for (const [bracket, count] of counts.entries()) {
      expect(Math.abs(count - (1000 * weights[bracket]!) / total)).toBeLessThan(3);
    }
    const again = createPruner(settings, problem) as HyperbandPruner;
    for (const number of [0, 7, 123_456]) expect(again.bracketOf(number)).toBe(pruner.bracketOf(number));
  });

  test("judges a trial from its bracket's lowest rung on, among the trials of all brackets that came there", () => {
    const bracketed = (bracket: number, from: number): number => {
      let number = from;
      while (pruner.bracketOf(number) !== bracket) number++;
      return number;
    };
    const ofFirst = bracketed(0, 40);
    const others = Array.from({ length: ofFirst }, (_, number) =>
      row('COMPLETED', Array(81).fill(pruner.bracketOf(number) === 0 ? 0 : 9)),
    );
    // Better than all of its own bracket.
    expect(decideOn(settings, problem, [...others, row('RUNNING', [1])])).toMatchObject({
      action: 'STOP',
      reason: expect.stringMatching(/ \(bracket 1 of 5\)$/),
    });
    for (const [bracket, firstRung] of [1, 3, 9, 27, 81].entries()) {
      const rows = Array.from({ length: bracketed(bracket, 40) }, () => row('COMPLETED', Array(81).fill(9)));
      const actionAt = (steps: number) =>
        decideOn(settings, problem, [...rows, row('RUNNING', Array(steps).fill(0))]).action;
      if (firstRung > 1) expect(actionAt(firstRung - 1)).toBe('CONTINUE');
      // The last one has no rung.
      expect(actionAt(firstRung)).toBe(firstRung === 81 ? 'CONTINUE' : 'STOP');
    }
  });

  test('promotes from the highest rung of all brackets', () => {
    const promoting = prunerOf({ ...settings, promotion: true }, problem);
    const rows = Array.from({ length: 60 }, (_, number) =>
      pruner.bracketOf(number) === 1 ? paused(1, 1, number) : paused(number),
    );
    const { trialNumber, reason } = promoting.promote!(viewOf(problem, rows))!;
    expect(pruner.bracketOf(trialNumber)).toBe(1);
    expect(reason).toContain('rung 3');
  });

  test('needs to know where trials are done', () => {
    expect(() => createPruner({ kind: 'hyperband' }, problem)).toThrow(/pruner\.maxResource: is missing/);
  });
});
