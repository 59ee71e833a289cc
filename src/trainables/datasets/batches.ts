import type { Random } from '../../core/random.ts';
import type { Examples } from './dataset.ts';
import { shuffle } from './split.ts';

/** One batch as tfjs takes it. The arrays are used again by the next batch. */
export interface Batch {
  readonly size: number;
  /** One example after the other; those of images in [0, 1]. */
  readonly features: Float32Array;
  /** Classes, or numbers as they are learnt. */
  readonly targets: Float32Array;
}

/**
 * Batches of one size without end: every pass over the examples is in another order, and a batch may reach from one
 * pass into the next. Bytes become floats only here, so that a dataset stays small.
 * @param from how many batches to leave out, as if they had been taken
 */
export function* shuffledBatches(
  examples: Examples,
  indices: Uint32Array,
  size: number,
  random: Random,
  from = 0,
): Generator<Batch, never> {
  const fill = batchFiller(examples, size);
  const order = indices.slice();
  const batch = new Uint32Array(size);
  const taken = from * size;
  const passes = Math.ceil(taken / order.length);
  for (let pass = 0; pass < passes; pass++) shuffle(order, random);
  for (let next = taken === 0 ? order.length : taken - (passes - 1) * order.length; ; ) {
    for (let i = 0; i < size; i++) {
      if (next === order.length) {
        shuffle(order, random);
        next = 0;
      }
      batch[i] = order[next++]!;
    }
    yield fill(batch);
  }
}

/** All examples once, in the order of `indices`; the last batch may be smaller. */
export function* consecutiveBatches(
  examples: Examples,
  indices: Uint32Array,
  size: number,
): Generator<Batch> {
  const fill = batchFiller(examples, Math.min(size, indices.length));
  for (let start = 0; start < indices.length; start += size)
    yield fill(indices.subarray(start, start + size));
}

function batchFiller(examples: Examples, maxSize: number): (indices: Uint32Array) => Batch {
  const exampleSize = examples.features.length / examples.count;
  const features = new Float32Array(maxSize * exampleSize);
  const targets = new Float32Array(maxSize);
  const scale = examples.features instanceof Uint8Array ? 1 / 255 : 1;
  return (indices) => {
    indices.forEach((index, place) => {
      const from = index * exampleSize;
      const to = place * exampleSize;
      for (let k = 0; k < exampleSize; k++) features[to + k] = examples.features[from + k]! * scale;
      targets[place] = examples.targets[index]!;
    });
    const size = indices.length;
    return {
      size,
      features: features.subarray(0, size * exampleSize),
      targets: targets.subarray(0, size),
    };
  };
}
