import { createRandom, type Random } from '../../core/random.ts';

/** Which examples of a training set to train on, and which to hold back for validation: disjoint, without order. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/** The same seed and numbers give the same split. `validationCount + trainCount` <= `count`. */
export function splitExamples(
  count: number,
  validationCount: number,
  trainCount: number,
  seed: number,
): Split {
  const order = shuffle(
    Uint32Array.from({ length: count }, (_, index) => index),
    createRandom(seed),
  );
  return {
    validation: order.subarray(0, validationCount),
    train: order.subarray(validationCount, validationCount + trainCount),
  };
}

/** Fisher-Yates, in place. */
export function shuffle(values: Uint32Array, random: Random): Uint32Array {
  for (let last = values.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const value = values[last]!;
    values[last] = values[other]!;
    values[other] = value;
  }
  return values;
}
