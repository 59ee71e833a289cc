import { describe, expect, test } from 'vitest';
import { completed, decide, row } from './pruned-study.ts';

const { NaN: nan } = Number;

describe('the percentile pruner', () => {
  const percentile = { kind: 'percentile', percentile: 25 };
  const five = completed([1, 10], [2, 20], [3, 30], [4, 40], [5, 50]);

  test('keeps the best share of trials, and says where the bound is', () => {
    expect(decide(percentile, 'MAXIMIZE', five, [1, 39])).toEqual({
      action: 'STOP',
      reason: 'score 39 by step 2 is below the bound of the best 25 %, 40 of 5 trials',
    });
    expect(decide(percentile, 'MAXIMIZE', five, [1, 40]).action).toBe('CONTINUE');
    expect(decide(percentile, 'MINIMIZE', five, [1, 20]).action).toBe('CONTINUE');
    expect(decide({ ...percentile, percentile: 100 }, 'MAXIMIZE', five, [1, 10]).action).toBe('CONTINUE');
    expect(decide({ ...percentile, percentile: 0 }, 'MAXIMIZE', five, [1, 49]).action).toBe('STOP');
  });

  test('is the median pruner at 50', () => {
    for (const value of [29, 30, 31]) {
      const half = decide({ ...percentile, percentile: 50 }, 'MAXIMIZE', five, [1, value]);
      expect(half).toEqual(decide({ kind: 'median' }, 'MAXIMIZE', five, [1, value]));
    }
  });

  test('waits until enough finished trials came as far', () => {
    const short = [...five.slice(0, 3), ...completed([9], [9])];
    expect(decide({ ...percentile, minTrials: 3 }, 'MAXIMIZE', short, [0, 0]).action).toBe('STOP');
    expect(decide({ ...percentile, minTrials: 4 }, 'MAXIMIZE', short, [0, 0]).action).toBe('CONTINUE');
  });
});

describe('the threshold pruner', () => {
  const threshold = { kind: 'threshold', lower: 0, upper: 5 };

  test('ends a trial whose latest value is out of bounds or not a number; the bounds are allowed', () => {
    expect(decide(threshold, 'MINIMIZE', [], [1, 5.1])).toEqual({
      action: 'STOP',
      reason: 'score 5.1 at step 2 is above the threshold 5',
    });
    expect(decide(threshold, 'MINIMIZE', [], [-0.5])).toEqual({
      action: 'STOP',
      reason: 'score -0.5 at step 1 is below the threshold 0',
    });
    expect(decide(threshold, 'MINIMIZE', [], [1, nan])).toEqual({
      action: 'STOP',
      reason: 'score is not a number at step 2',
    });
    for (const value of [0, 5, 3]) {
      expect(decide(threshold, 'MAXIMIZE', [], [9, value]).action).toBe('CONTINUE');
    }
    expect(decide({ kind: 'threshold', upper: 5 }, 'MAXIMIZE', [], [-1e9]).action).toBe('CONTINUE');
  });

  test('waits for its warm-up and its interval', () => {
    const settings = { ...threshold, warmupSteps: 2, interval: 2 };
    const stopped = [1, 2, 3, 4, 5].filter(
      (steps) => decide(settings, 'MINIMIZE', [], Array(steps).fill(9)).action === 'STOP',
    );
    expect(stopped).toEqual([2, 4]);
  });

  test('needs a bound, and bounds in order', () => {
    expect(() => decide({ kind: 'threshold' }, 'MINIMIZE', [], [])).toThrow(/pruner\.lower/);
    expect(() => decide({ ...threshold, lower: 6 }, 'MINIMIZE', [], [])).toThrow(
      /must not be above upper, 5/,
    );
  });
});

describe('the patient pruner', () => {
  const patient = { kind: 'patient', patience: 1 };

  test('ends a trial that got worse for longer than its patience', () => {
    expect(decide(patient, 'MINIMIZE', [], [3, 2, 2.5, 2.4])).toEqual({
      action: 'STOP',
      reason: 'score got worse: the best of the last 2 reports is 2.4, and it was 2 before',
    });
    expect(decide(patient, 'MINIMIZE', [], [3, 2, 2.5]).action).toBe('CONTINUE');
    expect(decide(patient, 'MINIMIZE', [], [3, 2, 2.5, 2]).action).toBe('CONTINUE');
    expect(decide(patient, 'MAXIMIZE', [], [3, 2, 2.5, 2.4]).action).toBe('STOP');
    expect(decide({ ...patient, minDelta: 0.5 }, 'MINIMIZE', [], [3, 2, 2.5, 2.4]).action).toBe('CONTINUE');
  });

  test('takes NaN for worse than any number, and has nothing to compare before the first number', () => {
    expect(decide(patient, 'MINIMIZE', [], [2, nan, nan]).action).toBe('STOP');
    expect(decide(patient, 'MINIMIZE', [], [2, nan, 2]).action).toBe('CONTINUE');
    expect(decide(patient, 'MINIMIZE', [], [nan, nan, nan]).action).toBe('CONTINUE');
  });

  test('lets another pruner judge only trials that got worse', () => {
    const settings = { ...patient, patience: 0, pruner: { kind: 'median' } };
    const peers = completed(...Array(5).fill([10, 10, 10]));
    expect(decide(settings, 'MAXIMIZE', peers, [2, 3, 1])).toEqual({
      action: 'STOP',
      reason: 'score 3 by step 3 is below the median 10 of 5 trials',
    });
    expect(decide(settings, 'MAXIMIZE', peers, [1, 2, 3]).action).toBe('CONTINUE');
    expect(decide(settings, 'MAXIMIZE', peers, [12, 13, 11]).action).toBe('CONTINUE');
  });

  test('names the faults of the other pruner by their path, and takes no other patient one', () => {
    const wrap = (pruner: object) => () => decide({ ...patient, pruner: { ...pruner } }, 'MINIMIZE', [], []);
    expect(wrap({ kind: 'median', startupTrials: 0 })).toThrow(/pruner\.pruner\.startupTrials/);
    expect(wrap({ kind: 'patient', patience: 1 })).toThrow(/pruner\.pruner\.kind/);
    expect(() => decide({ kind: 'patient' }, 'MINIMIZE', [], [])).toThrow(/pruner\.patience: is missing/);
  });
});

describe('the Wilcoxon pruner', () => {
  const wilcoxon = { kind: 'wilcoxon' };
  const best = completed([1, 2, 3, 4, 5, 6, 7, 8]);

  test('ends a trial that is worse than the best on the instances that both have seen', () => {
    expect(decide(wilcoxon, 'MINIMIZE', best, [2.5, 3, 4.5, 5])).toEqual({
      action: 'CONTINUE', // its mean is still below the best trial's whole mean
    });
    expect(decide(wilcoxon, 'MINIMIZE', best, [9, 8, 9.5, 8.5])).toEqual({
      action: 'STOP',
      reason:
        'score is worse than in trial 0 on the 4 steps of both: p = 0.0625 in the signed-rank test, below 0.1; the means are 8.75 and 4.5',
    });
    expect(decide({ ...wilcoxon, pThreshold: 0.05 }, 'MINIMIZE', best, [9, 8, 9.5, 8.5]).action).toBe(
      'CONTINUE',
    );
    expect(decide({ ...wilcoxon, startupSteps: 5 }, 'MINIMIZE', best, [9, 8, 9.5, 8.5]).action).toBe(
      'CONTINUE',
    );
  });

  test('compares with the best completed trial only, and with none that broke', () => {
    const peers = [...completed([9, 9, 9, 9, 9]), ...best, row('PRUNED', [0, 0, 0, 0, 0])];
    expect(decide(wilcoxon, 'MAXIMIZE', peers, [8, 8, 8, 8.5])).toMatchObject({
      action: 'STOP',
      reason: expect.stringContaining('trial 0'),
    });
    expect(decide(wilcoxon, 'MINIMIZE', [row('PRUNED', [0, 0, 0, 0])], [9, 9, 9, 9]).action).toBe('CONTINUE');
    expect(decide(wilcoxon, 'MINIMIZE', completed([nan, 1, 1, 1]), [9, 9, 9, 9]).action).toBe('CONTINUE');
    expect(decide(wilcoxon, 'MINIMIZE', best, [9, nan, 9, 9]).action).toBe('CONTINUE');
  });
});
