import { describe, expect, it } from 'vitest';
import { ClassifierEvaluation } from '../../../src/trainables/templates/evaluation.ts';

describe('an evaluation', () => {
  it('counts over all its batches', () => {
    const evaluation = new ClassifierEvaluation(2);
    evaluation.add([0, 0, 0], [0, 0, 1], 1.5);
    evaluation.add([1], [1], 0.5);
    expect(evaluation.accuracy).toBe(0.75);
    expect(evaluation.loss).toBe(0.5);
    // Class 0: 2 hits of 2 predicted and 3 actual; class 1: 1 hit of 2 predicted and 1 actual.
    expect(evaluation.precision).toBeCloseTo((1 + 1 / 2) / 2);
    expect(evaluation.recall).toBeCloseTo((2 / 3 + 1) / 2);
    expect(evaluation.fScore).toBeCloseTo((4 / 5 + 2 / 3) / 2);
  });

  it('gives a class that is never predicted a precision of 0', () => {
    const evaluation = new ClassifierEvaluation(3);
    evaluation.add([0, 1, 2], [0, 0, 0], 0);
    expect(evaluation.precision).toBeCloseTo(1 / 9);
    expect(evaluation.recall).toBeCloseTo(1 / 3);
    expect(evaluation.fScore).toBeCloseTo((2 / 4 + 0 + 0) / 3);
  });
});
