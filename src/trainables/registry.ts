import { cnn } from './templates/cnn.ts';
import { dense } from './templates/dense.ts';
import type { Trainable } from './trainable.ts';

/** The trainables that come with the package, by name. Listing them does not load TensorFlow.js. */
export function builtinTrainables(): ReadonlyMap<string, Trainable> {
  return new Map([dense, cnn].map((trainable) => [trainable.name, trainable]));
}
