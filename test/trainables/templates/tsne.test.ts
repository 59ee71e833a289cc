import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.ts';
import { loadBackend } from '../../../src/trainables/backends/load-backend.ts';
import { consecutiveBatches } from '../../../src/trainables/datasets/batches.ts';
import { loadDataset } from '../../../src/trainables/datasets/load-dataset.ts';
import { splitExamples } from '../../../src/trainables/datasets/split.ts';
import { squaredDistances } from '../../../src/trainables/templates/distances.ts';
import { affinities } from '../../../src/trainables/templates/tsne/affinities.ts';
import { Trustworthiness } from '../../../src/trainables/templates/tsne/trustworthiness.ts';
import { tsne } from '../../../src/trainables/templates/tsne/tsne.ts';
import { TrialStopped } from '../../../src/trainables/trainable.ts';
import { runLocally } from '../local-trial.ts';

const { tf } = await loadBackend('wasm');

/** The best of ten random planes on which the examples are projected. */
async function randomProjection(dataset: string, n: number): Promise<number> {
  const { train } = await loadDataset(dataset);
  const sample = splitExamples(train.count, n, 0, 0).validation;
  const { features } = [...consecutiveBatches(train, sample, n)][0]!;
  const width = features.length / n;
  const trust = new Trustworthiness(await squaredDistances(features, width), n, 5);
  let best = 0;
  for (let seed = 0; seed < 10; seed++) {
    const random = createRandom(seed);
    const plane = Float32Array.from({ length: 2 * width }, () => random.normal());
    const places = Float32Array.from({ length: 2 * n }, (_, place) => {
      let sum = 0;
      for (let k = 0; k < width; k++) {
        sum += features[(place >> 1) * width + k]! * plane[(place % 2) * width + k]!;
      }
      return sum;
    });
    best = Math.max(best, trust.of(await squaredDistances(places, 2)));
  }
  return best;
}

describe('t-SNE', () => {
  it.each([
    ['mnist', 500, 0.95],
    ['iris', 150, 0.97],
  ])('of %s keeps neighbourhoods better than ten random projections', async (dataset, examples, least) => {
    const before = tf.memory().numTensors;
    const run = await runLocally(tsne, { tf, options: { dataset, examples } });
    expect(run.error).toBeUndefined();
    const baseline = await randomProjection(dataset, examples);
    expect(run.values!.trustworthiness).toBeGreaterThan(Math.max(least, baseline));
    expect(run.values!.klDivergence).toBeLessThan(run.reports[5]!.values.klDivergence!);
    const csv = run.artifacts.get('places.csv')!;
    const rows = Buffer.from((csv.content as { bytes: Uint8Array }).bytes)
      .toString()
      .trimEnd()
      .split('\n');
    expect(rows[0]).toBe('example,x,y,class');
    expect(rows.slice(1).every((row) => /^\d+,-?[\d.e-]+,-?[\d.e-]+,\w+$/.test(row))).toBe(true);
    expect(rows).toHaveLength(examples + 1);
    expect(run.artifacts.get('places.png')!.contentType).toBe('image/png');
    expect(run.reports.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is the same for a seed, with a pause and without, and stops within an iteration', async () => {
    const trial = { tf, params: { iterations: 320 }, options: { dataset: 'iris', examples: 60 } };
    const whole = await runLocally(tsne, trial);
    const first = await runLocally(tsne, { ...trial, pauseAtStep: 3 });
    expect(first.error).toBeInstanceOf(TrialStopped);
    const rest = await runLocally(tsne, { ...trial, checkpoint: first.checkpoint! });
    expect({ ...rest.values, seconds: 0 }).toEqual({ ...whole.values, seconds: 0 });
    const other = await runLocally(tsne, { ...trial, seed: 2 });
    expect(other.values!.klDivergence).not.toBe(whole.values!.klDivergence);
    const stopped = await runLocally(tsne, { ...trial, stopAtBatch: 100 });
    expect(stopped.error).toBeInstanceOf(TrialStopped);
    expect(stopped.batches).toBe(100);
  });

  it('stops early when the divergence falls no more', async () => {
    // A step so small that nothing moves.
    const params = { learningRate: 1e-12, iterations: 5000 };
    const run = await runLocally(tsne, { tf, params, options: { examples: 30, patience: 2 } });
    expect(run.error).toBeUndefined();
    // The first five steps are exaggerated, the sixth is the least.
    expect(run.reports.length).toBeGreaterThanOrEqual(8);
    expect(run.reports.length).toBeLessThan(100);
    expect(run.log.at(-1)).toMatch(/^Stops after step \d+: no lower divergence in 2 steps$/);
    expect(run.artifacts.has('places.csv')).toBe(true);
  });

  it('takes a perplexity that its sample is too small for as the greatest that it is not', async () => {
    const run = await runLocally(tsne, {
      tf,
      params: { perplexity: 900, iterations: 50 },
      options: { dataset: 'iris', examples: 16 },
    });
    expect(run.error).toBeUndefined();
    expect(run.log).toEqual(['Perplexity 5: a third of the others']);
  });

  it('refuses texts, and more examples than there are', async () => {
    await Promise.all([tsne.prepare({ dataset: 'spam' }), tsne.prepare({ dataset: 'iris' })]);
    expect(() => tsne.checkOptions({ dataset: 'spam' })).toThrow('tsne takes image or table');
    expect(() => tsne.checkOptions({ dataset: 'iris', examples: 151 })).toThrow('iris has 150');
  });
});

describe('affinities', () => {
  it('are symmetric, sum to 1, and stay finite where points coincide', async () => {
    const random = createRandom(5);
    const points = Float32Array.from({ length: 60 }, (_, i) => (i < 20 ? 1 : random.normal() * 1e3));
    const p = affinities(await squaredDistances(points, 2), 30, 4);
    expect(p.every((value) => value >= 0)).toBe(true);
    expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    for (let i = 0; i < 30; i++) for (let j = 0; j < i; j++) expect(p[i * 30 + j]).toBe(p[j * 30 + i]);
  });
});

describe('trustworthiness', () => {
  it('is 1 for the points themselves, and less when two neighbours are torn apart', async () => {
    const random = createRandom(3);
    const points = Float32Array.from({ length: 80 }, () => random.normal());
    const distances = await squaredDistances(points, 2);
    const trust = new Trustworthiness(distances, 40, 5);
    expect(trust.of(distances)).toBe(1);
    const torn = points.slice();
    [torn[0], torn[1]] = [9, 9];
    expect(trust.of(await squaredDistances(torn, 2))).toBeLessThan(1);
  });
});
