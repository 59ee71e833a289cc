import { expect, test } from 'vitest';
import { decideOn, problemOf, type Row } from './pruned-study.ts';

const problem = problemOf([
  { metric: 'good', direction: 'MAXIMIZE' },
  { metric: 'cost', direction: 'MINIMIZE' },
]);
const trial = (state: Row['state'], good: number[], cost: number[]): Row => ({
  state,
  curves: { good, cost },
});
/** Four trials whose ends make a front; half way each has half of what it is good for. */
const front = [1, 2, 3, 4].map((k) => trial('COMPLETED', [k / 2, k / 2, k], [k, k, k]));
const settings = { kind: 'front', startupTrials: 4, share: 0.5, patience: 0 };
const running = (good: number[], cost: number[]) => [...front, trial('RUNNING', good, cost)];

test('a trial ends that enough of the front dominated at the same step, and the reason says by how many', () => {
  expect(decideOn(settings, problem, running([0.1], [2.5]))).toEqual({
    action: 'STOP',
    reason: '(good 0.1, cost 2.5) at step 1 is dominated by what 2 of the 4 trials of the front had there',
  });
  expect(decideOn({ ...settings, share: 0.75 }, problem, running([0.1], [2.5])).action).toBe('CONTINUE');
  // Better than the front was at this step, though its end dominates it.
  expect(decideOn(settings, problem, running([2.1], [2.5])).action).toBe('CONTINUE');
});

test('a trial at one end of the front goes on, however bad it is in the other objective', () => {
  expect(decideOn(settings, problem, running([0], [0.5])).action).toBe('CONTINUE');
  expect(decideOn(settings, problem, running([9], [99])).action).toBe('CONTINUE');
});

test('patience asks for so many dominated reports before, and the margin for so much distance', () => {
  const patient = { ...settings, patience: 1 };
  expect(decideOn(patient, problem, running([0.1], [2.5])).action).toBe('CONTINUE');
  expect(decideOn(patient, problem, running([9, 0.1], [2.5, 2.5])).action).toBe('CONTINUE');
  expect(decideOn(patient, problem, running([0.1, 0.1], [2.5, 2.5]))).toMatchObject({
    action: 'STOP',
    reason: expect.stringMatching(/, and was so at 1 report before$/),
  });
  // At step 1 the front ranges over 1.5 and 3.
  expect(decideOn({ ...settings, margin: 0.2 }, problem, running([0.1], [2.61])).action).toBe('STOP');
  expect(decideOn({ ...settings, margin: 0.2 }, problem, running([0.1], [2.59])).action).toBe('CONTINUE');
});

test('only trials of the front count, and those that came as far', () => {
  const dominated = Array.from({ length: 9 }, () => trial('COMPLETED', [9, 9, 0], [0, 0, 9]));
  const rows = [...dominated, ...running([0.6], [1.5])];
  expect(decideOn(settings, problem, rows).action).toBe('CONTINUE');
  expect(decideOn(settings, problem, running([0, 0, 0, 0], [9, 9, 9, 9])).action).toBe('CONTINUE');
});

test('nothing is pruned before enough trials completed, in the warm-up, or without all objectives', () => {
  const bad = running([0], [9]);
  expect(decideOn(settings, problem, bad).action).toBe('STOP');
  expect(decideOn({ ...settings, startupTrials: 5 }, problem, bad).action).toBe('CONTINUE');
  expect(decideOn({ ...settings, warmupSteps: 2 }, problem, bad).action).toBe('CONTINUE');
  expect(decideOn(settings, problem, running([0], [])).action).toBe('CONTINUE');
});

test('NaN is dominated by any number', () => {
  expect(decideOn(settings, problem, running([Number.NaN], [Number.NaN])).action).toBe('STOP');
});
