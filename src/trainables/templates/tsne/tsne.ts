import * as z from 'zod';
import { InputError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { createRandom } from '../../../core/random.ts';
import { type Batch, consecutiveBatches } from '../../datasets/batches.ts';
import { loadedDataset } from '../../datasets/load-dataset.ts';
import { splitExamples } from '../../datasets/split.ts';
import { defineTrainable, type MetricValues, type TrialContext, TrialDiverged } from '../../trainable.ts';
import { squaredDistances } from '../distances.ts';
import { keepArtifact } from '../keep-artifact.ts';
import { Patience } from '../patience.ts';
import { affinities } from './affinities.ts';
import { Embedding, exaggeratedIterations } from './embedding.ts';
import { placesCsv, placesPicture } from './places.ts';
import { Trustworthiness } from './trustworthiness.ts';

/** Iterations from one report to the next. */
const stepIterations = 50;
/** Neighbours whose ranks are compared, as in scikit-learn. */
const trustedNeighbours = 5;

// The defaults are those of scikit-learn's TSNE, but for its first places: there of a PCA, here random as in the paper.
const params = z.strictObject({
  /** How many neighbours each point has, about. */
  perplexity: z
    .number('must be a number')
    .min(1, 'must be 1 or more')
    .max(1000, 'must be at most 1000')
    .default(30),
  /** Epsilon. Absent: max(examples / earlyExaggeration / 4, 50). */
  learningRate: z
    .number('must be a number')
    .positive('must be above 0')
    .max(1e5, 'must be at most 100000')
    .optional(),
  earlyExaggeration: z
    .number('must be a number')
    .min(1, 'must be 1 or more')
    .max(1000, 'must be at most 1000')
    .default(12),
  iterations: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(100_000, 'must be at most 100000')
    .default(1000),
});

const options = z.strictObject({
  dataset: z.string('must be the name of a dataset').default('mnist'),
  examples: z
    .int('must be a whole number')
    .min(3 * trustedNeighbours, `must be ${3 * trustedNeighbours} or more`)
    .max(5000, 'must be at most 5000')
    .optional()
    .describe(
      'Drawn from the dataset; time and memory grow with their square. Absent: all of them, up to 500.',
    ),
  // 300 iterations, as there.
  patience: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .default(6)
    .describe(
      'Ends it after so many steps of 50 iterations without a lower divergence, once nothing is exaggerated.',
    ),
  sampleSeed: z
    .int('must be a whole number')
    .default(0)
    .describe('Decides which examples are drawn: the same for all trials of a study.'),
});
type Options = z.infer<typeof options>;

/** Exact t-SNE (van der Maaten and Hinton 2008), with typed arrays: no tensor, no device. */
export const tsne = defineTrainable({
  name: 'tsne',
  description: 'Exact t-SNE: images or tables as points in the plane, near where they are alike.',
  space: {
    perplexity: { type: 'float', low: 5, high: 50 },
    learningRate: { type: 'float', low: 10, high: 1000, log: true },
    earlyExaggeration: { type: 'float', low: 4, high: 32, log: true },
  },
  params,
  options,
  metrics: ['klDivergence', 'trustworthiness', 'seconds'],
  datasets: ({ dataset }) => [dataset],
  check: ({ dataset, examples }) => {
    const { input, train } = loadedDataset(dataset);
    if (input.kind === 'text') {
      throw InputError.at(
        'trainableOptions.dataset',
        `"${dataset}" is a dataset of kind text, but tsne takes image or table. Choose another dataset.`,
      );
    }
    const fewest = examples ?? 3 * trustedNeighbours;
    if (fewest <= train.count) return;
    throw InputError.at(
      'trainableOptions.examples',
      `needs ${fewest} examples, but ${dataset} has ${train.count}; lower it or choose another dataset.`,
    );
  },
  totalSteps: ({ iterations }) => Math.ceil(iterations / stepIterations),
  estimateMemory: (_, all) => {
    const n = exampleCount(all);
    const { input } = loadedDataset(all.dataset);
    // Distances, affinities, kernel and those of the embedding in 4 bytes, conditional affinities in 8, ranks in 2.
    return n * n * (4 * 4 + 8 + 2) + 4 * n * input.shape.reduce((size, length) => size * length, 1);
  },
  run: embed,
});

function exampleCount({ dataset, examples }: Options): number {
  return examples ?? Math.min(500, loadedDataset(dataset).train.count);
}

async function embed(trial: TrialContext<z.infer<typeof params>, Options>): Promise<MetricValues> {
  const { iterations, earlyExaggeration } = trial.params;
  const saved = trial.restore();
  const start = performance.now() - Number(saved?.state.ms ?? 0);
  const dataset = loadedDataset(trial.options.dataset);
  const { train } = dataset;
  const n = exampleCount(trial.options);
  const sample = splitExamples(train.count, n, 0, trial.options.sampleSeed).validation;
  const { features } = consecutiveBatches(train, sample, n).next().value as Batch;
  const distances = await squaredDistances(features, features.length / n, () => trial.nextBatch());
  // A third of the others is the most that the paper's own code allows.
  const perplexity = Math.min(trial.params.perplexity, (n - 1) / 3);
  if (perplexity < trial.params.perplexity) trial.log(`Perplexity ${perplexity}: a third of the others`);
  const embedding = new Embedding(affinities(distances, n, perplexity), n, createRandom(trial.seed));
  const trust = new Trustworthiness(distances, n, trustedNeighbours);
  const learningRate = trial.params.learningRate ?? Math.max(n / earlyExaggeration / 4, 50);
  const parts = { points: embedding.points, velocity: embedding.velocity, gains: embedding.gains };
  for (const [name, values] of Object.entries(parts)) {
    if (saved !== null) values.set(saved.tensors[name]!.values);
  }
  let values: MetricValues = {};
  const patience = new Patience(trial.options.patience, saved?.state.patience as JsonObject | undefined);
  for (let iteration = Number(saved?.state.iteration ?? 0) + 1; iteration <= iterations; iteration++) {
    await trial.nextBatch();
    const isEarly = iteration <= exaggeratedIterations;
    embedding.descend(learningRate, isEarly ? 0.5 : 0.8, isEarly ? earlyExaggeration : 1);
    if (iteration % stepIterations !== 0 && iteration !== iterations) continue;
    const step = Math.ceil(iteration / stepIterations);
    const klDivergence = embedding.divergence();
    if (!Number.isFinite(klDivergence)) {
      throw new TrialDiverged(step, `The divergence became ${klDivergence}`);
    }
    const trustworthiness = trust.of(await squaredDistances(embedding.points, 2));
    const seconds = (performance.now() - start) / 1000;
    values = { klDivergence, trustworthiness, seconds };
    await trial.report(step, values);
    if (!isEarly && patience.isOverAfter(klDivergence) && iteration < iterations) {
      trial.log(`Stops after step ${step}: no lower divergence in ${patience.withoutGain} steps`);
      break;
    }
    await trial.checkpoint(() => ({
      step,
      state: { iteration, ms: seconds * 1000, patience: patience.state },
      tensors: Object.fromEntries(
        Object.entries(parts).map(([name, part]) => [name, { shape: [n, 2], values: part.slice() }]),
      ),
    }));
  }
  await keepArtifact(trial, 'places.csv', placesCsv(dataset, sample, embedding.points));
  await keepArtifact(trial, 'places.png', placesPicture(dataset, sample, embedding.points));
  return values;
}
