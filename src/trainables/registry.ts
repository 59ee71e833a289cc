import type { Trainable } from './trainable.ts';

/** The trainables that come with the package, by name. Listing them does not load TensorFlow.js. */
export function builtinTrainables(): ReadonlyMap<string, Trainable> {
  return new Map(([] as Trainable[]).map((trainable) => [trainable.name, trainable]));
}
