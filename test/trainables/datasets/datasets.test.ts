import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.ts';
import { consecutiveBatches, shuffledBatches } from '../../../src/trainables/datasets/batches.ts';
import { loadDataset } from '../../../src/trainables/datasets/load-dataset.ts';
import { splitExamples } from '../../../src/trainables/datasets/split.ts';

describe('MNIST', () => {
  it('has 60,000 and 10,000 digits of all ten classes', async () => {
    const { train, test } = await loadDataset('mnist');
    expect([train.count, test.count]).toEqual([60_000, 10_000]);
    expect([train.features.length, test.features.length]).toEqual([60_000 * 784, 10_000 * 784]);
    const counts = new Array<number>(10).fill(0);
    for (const label of train.targets) counts[label]!++;
    // Known of the data: http://yann.lecun.com/exdb/mnist
    expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  });

  it('is loaded once, and shared with threads, not copied', async () => {
    const dataset = await loadDataset('mnist');
    expect(await loadDataset('mnist')).toBe(dataset);
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       workerData.test.features[0] = 7;
       parentPort.postMessage('written');`,
      { eval: true, workerData: dataset },
    );
    await once(worker, 'message');
    expect(dataset.test.features[0]).toBe(7);
    dataset.test.features[0] = 0;
    await worker.terminate();
  });
});

describe('a split', () => {
  it('is disjoint, of the sizes asked for, and the same for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.nat(20), fc.integer(), (validation, train, rest, seed) => {
        const split = splitExamples(validation + train + rest, validation, train, seed);
        const all = [...split.validation, ...split.train];
        expect([split.validation.length, split.train.length]).toEqual([validation, train]);
        expect(new Set(all).size).toBe(all.length);
        expect(all.every((index) => index < validation + train + rest)).toBe(true);
        expect(splitExamples(validation + train + rest, validation, train, seed)).toEqual(split);
      }),
    );
  });

  it('differs between seeds', () => {
    expect(splitExamples(1000, 500, 500, 1)).not.toEqual(splitExamples(1000, 500, 500, 2));
  });
});

describe('batches', () => {
  const count = 23;
  const examples = {
    count,
    features: Uint8Array.from({ length: count * 2 }, (_, index) => index),
    targets: Uint8Array.from({ length: count }, (_, index) => index),
  };

  it('have one size, and every example is in each pass once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer(), (size, seed) => {
        const indices = Uint32Array.from([3, 5, 8, 13, 21]);
        const stream = shuffledBatches(examples, indices, size, createRandom(seed));
        const targets: number[] = [];
        while (targets.length < 4 * indices.length) targets.push(...stream.next().value.targets);
        for (let pass = 0; pass < 4; pass++) {
          const seen = targets.slice(pass * indices.length, (pass + 1) * indices.length);
          expect(seen.sort((a, b) => a - b)).toEqual([...indices]);
        }
      }),
    );
  });

  it('hold bytes as shares of 255', () => {
    const [batch] = consecutiveBatches(examples, Uint32Array.of(4, 1), 2);
    expect([...batch!.features]).toEqual([8, 9, 2, 3].map((byte) => Math.fround(byte / 255)));
    expect([...batch!.targets]).toEqual([4, 1]);
  });

  it('of an evaluation hold all examples once, in order', () => {
    const indices = Uint32Array.from({ length: count }, (_, index) => index);
    const seen = [...consecutiveBatches(examples, indices, 5)].map((batch) => [
      batch.size,
      [...batch.targets],
    ]);
    expect(seen.map(([size]) => size)).toEqual([5, 5, 5, 5, 3]);
  });
});
