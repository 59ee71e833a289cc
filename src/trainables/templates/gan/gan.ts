import * as z from 'zod';
import { InputError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { countedRandom, createRandom } from '../../../core/random.ts';
import { type Batch, consecutiveBatches, shuffledBatches } from '../../datasets/batches.ts';
import type { DatasetInput } from '../../datasets/dataset.ts';
import { loadedDataset } from '../../datasets/load-dataset.ts';
import { defineTrainable, type MetricValues, type TrialContext, TrialDiverged } from '../../trainable.ts';
import { keepArtifact } from '../keep-artifact.ts';
import { evaluationBatch } from '../learner.ts';
import { ModelSize } from '../model-size.ts';
import { Patience } from '../patience.ts';
import { imageGrid } from '../picture/image-grid.ts';
import { scheduleOf, splitOf, supervisedOptions } from '../supervised-options.ts';
import { Adversaries, latents } from './adversaries.ts';
import { type GanParams, ganParams, ganSpace } from './gan-params.ts';
import {
  addDiscriminator,
  addGenerator,
  buildDiscriminator,
  buildGenerator,
  type ImageShape,
} from './networks.ts';
import { SampleQuality } from './sample-quality.ts';

const options = z.strictObject({
  ...supervisedOptions.pick({
    dataset: true,
    epochs: true,
    trainExamples: true,
    stepExamples: true,
    splitSeed: true,
  }).shape,
  comparedImages: z
    .int('must be a whole number')
    .min(20, 'must be 20 or more')
    .max(5_000, 'must be at most 5000')
    .default(500)
    .describe(
      'Real images that are held back, and generated ones compared with them; time grows with the square.',
    ),
  compareEverySteps: supervisedOptions.shape.validateEverySteps.describe(
    'Steps from one comparison to the next; the last step always has one.',
  ),
  patience: supervisedOptions.shape.patience.describe(
    'Ends a training after so many comparisons without a lower energy distance; absent: never.',
  ),
});
type Options = z.infer<typeof options>;

/** Samples in the picture: as many rows as columns. */
const pictureSide = 8;

/** Generative adversarial networks (Goodfellow et al. 2014), dense or of convolutions (Radford et al. 2016). */
export const gan = defineTrainable({
  name: 'gan',
  description: 'Two networks that learn from each other to make images like those of a dataset.',
  space: ganSpace,
  params: ganParams,
  options,
  metrics: [
    ...['energyDistance', 'precision', 'recall', 'fScore'],
    ...['generatorLoss', 'discriminatorLoss', 'trainSeconds', 'parameters', 'peakBytes'],
  ],
  datasets: ({ dataset }) => [dataset],
  check: (options) => {
    const { input } = loadedDataset(options.dataset);
    if (input.kind !== 'image') {
      throw InputError.at(
        'trainableOptions.dataset',
        `"${options.dataset}" is a dataset of kind ${input.kind}, but gan takes image. Choose another dataset.`,
      );
    }
    scheduled(options, { batchSize: 1 });
  },
  totalSteps: (params, options) => scheduled(options, params).steps,
  estimateMemory: (params, options) => {
    const shape = shapeOf(loadedDataset(options.dataset).input);
    const generator = new ModelSize([params.latentSize]);
    addGenerator(generator, params, shape);
    const discriminator = new ModelSize(shape);
    addDiscriminator(discriminator, params);
    // Where nothing is learnt a value is kept once, not three times. The discriminator sees real and generated images.
    return (
      generator.trainingBytes(Math.max(params.batchSize, evaluationBatch / 3), 'adam') +
      discriminator.trainingBytes(2 * params.batchSize, 'adam')
    );
  },
  run: train,
});

function shapeOf({ shape }: DatasetInput): ImageShape {
  return shape as ImageShape;
}

function scheduled({ comparedImages, ...options }: Options, { batchSize }: Pick<GanParams, 'batchSize'>) {
  const rest = { validateEverySteps: 1, validationSample: comparedImages };
  return scheduleOf(
    { ...options, ...rest, validationExamples: comparedImages },
    { batchSize, trainShare: 1 },
  );
}

async function train(trial: TrialContext<GanParams, Options>): Promise<MetricValues> {
  const { tf, params, options, seed } = trial;
  const schedule = scheduled(options, params);
  const { dataset, batches, steps } = schedule;
  const shape = shapeOf(dataset.input);
  const split = splitOf(schedule, { splitSeed: options.splitSeed });
  const saved = trial.restore();
  const done = { batch: Number(saved?.state.batch ?? 0), draws: Number(saved?.state.draws ?? 0) };
  const stream = shuffledBatches(
    dataset.train,
    split.train,
    params.batchSize,
    createRandom(seed, 1),
    done.batch,
  );
  const held = consecutiveBatches(dataset.train, split.validation, options.comparedImages);
  const { features: real } = held.next().value as Batch;
  const quality = await SampleQuality.create(real, real.length / options.comparedImages, trial);
  // The same images' worth of numbers at every step.
  const codes = latents(options.comparedImages, params.latentSize, seed, 4);

  const random = countedRandom(createRandom(seed, 2));
  const generator = buildGenerator(tf, params, shape, random);
  const discriminator = buildDiscriminator(tf, params, shape, random);
  const parameters = generator.countParams() + discriminator.countParams();
  const adversaries = new Adversaries(tf, params, generator, discriminator, shape);
  const generate = () => adversaries.generate(codes, () => trial.nextBatch());
  try {
    trial.log(`${parameters} parameters, ${batches} batches of ${params.batchSize} images, ${steps} steps`);
    let step = 0;
    if (saved !== null) {
      await adversaries.restore(saved.tensors, Number(saved.state.trainMs));
      random.skipTo(done.draws);
      step = saved.step;
      trial.log(`Goes on after step ${step}`);
    }
    const patience = new Patience(options.patience, saved?.state.patience as JsonObject | undefined);
    for (let batch = done.batch + 1; ; batch++) {
      await trial.nextBatch();
      const noise = params.noise * (1 - (batch - 1) / batches);
      const isWaiting = batch % params.discriminatorSteps !== 0;
      adversaries.train(stream.next().value, noise, isWaiting, seed, 3, batch);
      const isLast = batch === batches;
      const reached = isLast ? steps : Math.floor((batch * params.batchSize) / schedule.stepExamples);
      if (reached === step) continue;

      step = reached;
      const losses = await adversaries.takeLosses();
      if (!Number.isFinite(losses.discriminatorLoss)) {
        throw new TrialDiverged(step, `The discriminator's loss became ${losses.discriminatorLoss}`);
      }
      const isCompared = isLast || step % options.compareEverySteps === 0;
      const images = isCompared ? await generate() : null;
      const comparison = images === null ? null : await quality.of(images, trial);
      const values = { ...losses, ...comparison };
      await trial.report(step, values);
      const stopsEarly = comparison !== null && patience.isOverAfter(comparison.energyDistance!) && !isLast;
      if (stopsEarly) {
        trial.log(`Stops after step ${step}: no lower distance in ${patience.withoutGain} comparisons`);
      }
      if (isLast || stopsEarly) {
        const pictured = images!.subarray(0, pictureSide ** 2 * (real.length / options.comparedImages));
        await keepArtifact(trial, 'samples.png', imageGrid(pictured, shape, pictureSide));
        const trainSeconds = adversaries.trainMs / 1000;
        return { ...values, trainSeconds, parameters, peakBytes: trial.peakBytes };
      }
      await trial.checkpoint(async () => ({
        step,
        state: { batch, draws: random.draws, trainMs: adversaries.trainMs, patience: patience.state },
        tensors: await adversaries.save(),
      }));
    }
  } finally {
    adversaries.dispose();
  }
}
