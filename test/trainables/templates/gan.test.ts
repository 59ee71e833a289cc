import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.ts';
import type { ArtifactFile } from '../../../src/trainables/artifact.ts';
import { loadBackend } from '../../../src/trainables/backends/load-backend.ts';
import { type Batch, consecutiveBatches } from '../../../src/trainables/datasets/batches.ts';
import { loadDataset } from '../../../src/trainables/datasets/load-dataset.ts';
import { splitExamples } from '../../../src/trainables/datasets/split.ts';
import { squaredDistances } from '../../../src/trainables/templates/distances.ts';
import { gan } from '../../../src/trainables/templates/gan/gan.ts';
import { LeadingSubspace } from '../../../src/trainables/templates/gan/leading-subspace.ts';
import { SampleQuality } from '../../../src/trainables/templates/gan/sample-quality.ts';
import { TrialStopped } from '../../../src/trainables/trainable.ts';
import { runLocally } from '../local-trial.ts';

const { tf } = await loadBackend('wasm');
const turns = { nextBatch: async () => {} };

describe('gan', () => {
  // The copies have a distance of 0.036, see "a sample of MNIST" below; before it learns the gan has more than 0.3.
  it('makes digits that are nearer to real ones than ten copied images, and draws them', async () => {
    const options = { trainExamples: 2_000, epochs: 9, stepExamples: 3_000 };
    const before = tf.memory().numTensors;
    const run = await runLocally(gan, { tf, options });
    expect(run.error).toBeUndefined();
    expect(run.values!.energyDistance).toBeLessThan(0.03);
    expect(run.values!.precision).toBeGreaterThan(0.5);
    expect(run.reports.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(run.reports[0]!.values.energyDistance).toBeGreaterThan(run.values!.energyDistance! * 3);
    expect(Object.keys(run.values!).sort()).toEqual([...gan.metrics].sort());
    expect(tf.memory().numTensors).toBe(before);
    const picture = run.artifacts.get('samples.png')!;
    expect(picture.contentType).toBe('image/png');
    const { width, height, values } = readPng(picture);
    expect([width, height]).toEqual([8 * 56 + 7 * 2, 8 * 56 + 7 * 2]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length / 255;
    // Of the digits themselves it is 0.13.
    expect(mean).toBeGreaterThan(0.03);
    expect(mean).toBeLessThan(0.3);
  }, 60_000);

  it('stops early when its images come no nearer', async () => {
    const params = { architecture: 'dense', generatorUnits: 4, generatorLearningRate: 1e-9, batchSize: 16 };
    const options = { trainExamples: 160, epochs: 4, stepExamples: 16, comparedImages: 20, patience: 3 };
    const run = await runLocally(gan, { tf, params, options });
    expect(run.error).toBeUndefined();
    expect(run.reports.length).toBeLessThan(40);
    expect(run.reports.length).toBeGreaterThan(3);
    expect(run.log.at(-1)).toMatch(/^Stops after step \d+: no lower distance in 3 comparisons$/);
    expect(run.artifacts.has('samples.png')).toBe(true);
  });

  it.each(['dense', 'convolution'])(
    'of %s networks goes on after a pause with the same bits',
    async (architecture) => {
      const params = {
        ...{ architecture, latentSize: 4, layers: 2, generatorUnits: 8, discriminatorUnits: 8 },
        ...{ generatorFilters: 4, discriminatorFilters: 4, batchSize: 8 },
        ...{ discriminatorSteps: 2, noise: 0.2, dropout: 0.3 },
      };
      const options = { trainExamples: 48, epochs: 1, stepExamples: 16, comparedImages: 20 };
      const trial = { tf, params, options };
      const whole = await runLocally(gan, trial);
      expect(whole.error).toBeUndefined();
      const first = await runLocally(gan, { ...trial, pauseAtStep: 2 });
      expect(first.error).toBeInstanceOf(TrialStopped);
      const before = tf.memory().numTensors;
      const rest = await runLocally(gan, { ...trial, checkpoint: first.checkpoint! });
      expect({ ...rest.values, trainSeconds: 0 }).toEqual({ ...whole.values, trainSeconds: 0 });
      expect(rest.artifacts).toEqual(whole.artifacts);
      expect(tf.memory().numTensors).toBe(before);
      const other = await runLocally(gan, { ...trial, seed: 2 });
      expect(other.values!.discriminatorLoss).not.toBe(whole.values!.discriminatorLoss);
    },
  );

  it('refuses tables, and more images than there are', async () => {
    await Promise.all([gan.prepare({ dataset: 'iris' }), gan.prepare({})]);
    expect(() => gan.checkOptions({ dataset: 'iris' })).toThrow('of kind table, but gan takes image');
    expect(() => gan.checkOptions({ trainExamples: 60_000 })).toThrow('mnist has 60000');
    expect(() => gan.checkOptions({ comparedImages: 5 })).toThrow('must be 20 or more');
  });
});

describe('a sample of MNIST', () => {
  it('is the farther from real images the less it has of them', async () => {
    const { train } = await loadDataset('mnist');
    const n = 500;
    const split = splitExamples(train.count, n, n + 1_000, 0);
    const take = (indices: Uint32Array): Float32Array =>
      (consecutiveBatches(train, indices, indices.length).next().value as Batch).features;
    const width = 784;
    const known = take(split.train.subarray(n));
    const random = createRandom(1);
    const make = (pixel: (image: number, place: number) => number): Float32Array =>
      Float32Array.from({ length: n * width }, (_, i) => pixel(Math.floor(i / width), i % width));
    const mean = Float32Array.from({ length: width }, (_, place) => {
      let sum = 0;
      for (let i = 0; i < 1_000; i++) sum += known[i * width + place]!;
      return sum / 1_000;
    });
    const samples = {
      'other images': take(split.train.subarray(0, n)),
      'two images laid over each other': make(
        (image, place) => (known[image * width + place]! + known[(image + n) * width + place]!) / 2,
      ),
      'ten images again and again': make((image, place) => known[(image % 10) * width + place]!),
      'each pixel from some image': make((_, place) => known[random.integer(1_000) * width + place]!),
      'the mean image': make((_, place) => mean[place]!),
      noise: make(() => random.uniform()),
    };
    const quality = await SampleQuality.create(take(split.validation), width, turns);
    const values = [];
    for (const sample of Object.values(samples)) values.push(await quality.of(sample, turns));
    const distances = values.map(({ energyDistance }) => energyDistance!);
    // In docs/trainables.md.
    expect(distances.map((distance) => distance.toFixed(3))).toEqual([
      '0.002',
      '0.018',
      '0.036',
      '0.129',
      '0.298',
      '0.351',
    ]);
    expect(values.map(({ fScore }) => fScore!.toFixed(2))).toEqual([
      '0.94',
      '0.54',
      ...Array(4).fill('0.00'),
    ]);
  });
});

const points = (count: number, width: number) =>
  fc
    .array(fc.float({ min: -1e3, max: 1e3, noNaN: true }), {
      minLength: count * width,
      maxLength: count * width,
    })
    .map((values) => Float32Array.from(values));

describe('the quality of samples', () => {
  it('is within its bounds, and perfect for the real ones themselves', async () => {
    const property = fc.asyncProperty(points(8, 3), points(6, 3), async (real, made) => {
      const quality = await SampleQuality.create(real, 3, turns);
      for (const value of Object.values(await quality.of(made, turns))) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      const own = await quality.of(real, turns);
      expect(own).toMatchObject({ precision: 1, recall: 1, fScore: 1 });
      expect(own.energyDistance).toBeLessThan(1e-6);
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

describe('the leading subspace', () => {
  it('keeps the distances of examples that lie in a subspace of as many dimensions', async () => {
    const property = fc.asyncProperty(fc.integer(), async (seed) => {
      const random = createRandom(seed);
      const axes = Float64Array.from({ length: 3 * 12 }, () => random.normal());
      const examples = new Float32Array(30 * 12);
      for (let i = 0; i < 30; i++) {
        for (let axis = 0; axis < 3; axis++) {
          const place = random.normal();
          for (let k = 0; k < 12; k++) examples[i * 12 + k]! += place * axes[axis * 12 + k]!;
        }
      }
      const subspace = await LeadingSubspace.fit(examples, 12, 3, createRandom(seed, 1));
      const [before, after] = [
        await squaredDistances(examples, 12),
        await squaredDistances(subspace.project(examples), 3),
      ];
      for (const [i, distance] of before.entries()) {
        expect(Math.abs(after[i]! - distance)).toBeLessThan(1e-3 * (1 + distance));
      }
    });
    await fc.assert(property, { numRuns: 50 });
  });
});

/** The pixels of a grey picture without filters. */
function readPng({ content }: ArtifactFile): { width: number; height: number; values: number[] } {
  const file = Buffer.from((content as { bytes: Uint8Array<ArrayBuffer> }).bytes);
  expect(file.subarray(1, 4).toString()).toBe('PNG');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const rows = inflateSync(file.subarray(41, 41 + file.readUInt32BE(33)));
  return { width, height, values: [...rows].filter((_, i) => i % (width + 1) > 0) };
}
