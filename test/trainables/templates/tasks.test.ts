import { describe, expect, it } from 'vitest';
import { ClassificationTask } from '../../../src/trainables/templates/classification.ts';
import { ReconstructionTask } from '../../../src/trainables/templates/reconstruction.ts';
import { RegressionTask } from '../../../src/trainables/templates/regression.ts';

describe('the evaluation of a classification', () => {
  it('counts over all its batches, for each class and as means over them', () => {
    const evaluation = new ClassificationTask(['ham', 'spam']).evaluate();
    evaluation.add([0, 0, 0], [0, 0, 1], 1.5);
    evaluation.add([1], [1], 0.5);
    expect(evaluation.score).toBe(0.75);
    expect(evaluation.loss).toBe(0.5);
    // Class 0: 2 hits of 2 predicted and 3 actual; class 1: 1 hit of 2 predicted and 1 actual.
    const values = evaluation.finalValues;
    expect(values).toMatchObject({ 'precision.ham': 1, 'precision.spam': 0.5, 'recall.spam': 1 });
    expect(values['recall.ham']).toBeCloseTo(2 / 3);
    expect(values.precision).toBeCloseTo((1 + 1 / 2) / 2);
    expect(values.recall).toBeCloseTo((2 / 3 + 1) / 2);
    expect(values.fScore).toBeCloseTo((4 / 5 + 2 / 3) / 2);
  });

  it('gives a class that is never predicted a precision of 0', () => {
    const evaluation = new ClassificationTask(['a', 'b', 'c']).evaluate();
    evaluation.add([0, 1, 2], [0, 0, 0], 0);
    expect(evaluation.finalValues.precision).toBeCloseTo(1 / 9);
    expect(evaluation.finalValues.recall).toBeCloseTo(1 / 3);
    expect(evaluation.finalValues.fScore).toBeCloseTo((2 / 4 + 0 + 0) / 3);
  });

  it('names exactly the metrics that it gives', () => {
    const task = new ClassificationTask(['a', 'b']);
    const evaluation = task.evaluate();
    evaluation.add([0, 1], [0, 0], 0);
    expect(Object.keys(evaluation.finalValues).sort()).toEqual([...task.finalMetrics].sort());
  });
});

describe('the evaluation of a regression', () => {
  it('tells errors in the units of the number, over all its batches', () => {
    const evaluation = new RegressionTask(10).evaluate();
    evaluation.add([0, 1], [0.5, 1], 0.25);
    evaluation.add([2, 3], [2, 2], 1);
    expect(evaluation.loss).toBeCloseTo(1.25 / 4);
    expect(evaluation.score).toBeCloseTo((10 * 1.5) / 4);
    const { meanSquaredError, meanAbsoluteError, rSquared } = evaluation.finalValues;
    expect(meanSquaredError).toBeCloseTo((100 * 1.25) / 4);
    expect(meanAbsoluteError).toBeCloseTo((10 * 1.5) / 4);
    // The targets 0, 1, 2, 3 have a total sum of squares of 5.
    expect(rSquared).toBeCloseTo(1 - 1.25 / 5);
  });

  it('has an R squared of 0 where all targets are equal', () => {
    const evaluation = new RegressionTask(1).evaluate();
    evaluation.add([2, 2], [1, 2], 1);
    expect(evaluation.finalValues.rSquared).toBe(0);
  });
});

describe('the evaluation of a reconstruction', () => {
  it.each([
    ['the mean of the examples', [2, 3, 2, 3], 0],
    ['the examples themselves', [1, 2, 3, 4], 1],
  ])('explains with %s, a share that is known', (_, answers, share) => {
    const evaluation = new ReconstructionTask(2).evaluate();
    evaluation.add([1, 2], answers.slice(0, 2), 0);
    evaluation.add([3, 4], answers.slice(2), 0);
    expect(evaluation.finalValues).toEqual({ explainedVariance: share });
  });
});
