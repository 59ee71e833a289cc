import type * as tensorflow from '@tensorflow/tfjs';
import { countedRandom, createRandom, type Random } from '../../core/random.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { shuffledBatches } from '../datasets/batches.ts';
import { type DatasetShape, datasetShapes } from '../datasets/dataset.ts';
import { loadDataset } from '../datasets/load-dataset.ts';
import { splitExamples } from '../datasets/split.ts';
import { type MetricValues, type Tensorflow, type TrialContext, TrialDiverged } from '../trainable.ts';
import { Classifier } from './classifier.ts';
import { type ClassifierOptions, trainCount, trainingLength } from './classifier-options.ts';
import type { TrainingParams } from './training-params.ts';

/** Reported at steps; a trial ends with those of its last step. */
const stepMetrics = ['loss', 'accuracy', 'valLoss', 'valAccuracy'];
/** The scores are means over the classes; `trainSeconds` leaves validation out. */
const finalMetrics = ['precision', 'recall', 'fScore', 'trainSeconds', 'parameters'];
export const classifierMetrics: readonly string[] = [...stepMetrics, ...finalMetrics];

/** How far a training has come, beside its weights. */
interface Progress {
  readonly batch: number;
  /** Numbers drawn for weights and dropout. */
  readonly draws: number;
  readonly trainMs: number;
}

const nothingDone: Progress = { batch: 0, draws: 0, trainMs: 0 };

/** Builds a model from examples of a shape to one logit a class; its weights and dropout come from `random`. */
export type ModelBuilder<P> = (
  tf: Tensorflow,
  params: P,
  shape: DatasetShape,
  random: Random,
) => tensorflow.LayersModel;

/** Trains a classifier and reports at every step; the last step is validated with all held-back examples. */
export async function trainClassifier<P extends TrainingParams>(
  trial: TrialContext<P, ClassifierOptions>,
  build: ModelBuilder<P>,
): Promise<MetricValues> {
  const { tf, params, options } = trial;
  const shape = datasetShapes[options.dataset];
  const { train } = await loadDataset(options.dataset);
  const { batches, steps } = trainingLength(options, params.batchSize);
  const split = splitExamples(
    train.count,
    options.validationExamples,
    trainCount(options),
    options.splitSeed,
  );
  const sample = split.validation.subarray(0, options.validationSample);
  const checkpoint = trial.restore();
  const done = checkpoint === null ? nothingDone : (checkpoint.state as unknown as Progress);
  const order = createRandom(trial.seed, 1);
  const stream = shuffledBatches(train, split.train, params.batchSize, order, done.batch);

  const random = countedRandom(createRandom(trial.seed, 2));
  const model = build(tf, params, shape, random);
  const classifier = new Classifier(tf, model, params, shape);
  try {
    const parameters = model.countParams();
    trial.log(`${parameters} parameters, ${batches} batches of ${params.batchSize} examples, ${steps} steps`);
    let step = 0;
    if (checkpoint !== null) {
      await classifier.restore(checkpoint.tensors, done.trainMs);
      random.skipTo(done.draws);
      step = checkpoint.step;
      trial.log(`Goes on after step ${step}`);
    }
    for (let batch = done.batch + 1; ; batch++) {
      await trial.nextBatch();
      classifier.train(stream.next().value);
      const isLast = batch === batches;
      const reached = isLast ? steps : Math.floor((batch * params.batchSize) / options.stepExamples);
      if (reached === step) continue;

      step = reached;
      const { loss, accuracy } = await classifier.takeTrainingMetrics();
      if (!Number.isFinite(loss)) throw new TrialDiverged(step, `The training loss became ${loss}`);
      const save = async (): Promise<Checkpoint> => {
        const state = { batch, draws: random.draws, trainMs: classifier.trainMs };
        return { step, state, tensors: await classifier.save() };
      };
      if (!isLast && step % options.validateEverySteps !== 0) {
        await trial.report(step, { loss, accuracy });
        await trial.checkpoint(save);
        continue;
      }
      const scores = await classifier.evaluate(train, isLast ? split.validation : sample, trial);
      const values = { loss, accuracy, valLoss: scores.loss, valAccuracy: scores.accuracy };
      await trial.report(step, values);
      if (!isLast) {
        await trial.checkpoint(save);
        continue;
      }

      const { precision, recall, fScore } = scores;
      return { ...values, precision, recall, fScore, trainSeconds: classifier.trainMs / 1000, parameters };
    }
  } finally {
    classifier.dispose();
  }
}
