import type * as tensorflow from '@tensorflow/tfjs';
import type { JsonObject } from '../../core/json.ts';
import { countedRandom, createRandom, type Random } from '../../core/random.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { shuffledBatches } from '../datasets/batches.ts';
import type { Dataset, DatasetInput } from '../datasets/dataset.ts';
import { shiftImages } from '../datasets/shift-images.ts';
import { type MetricValues, type Tensorflow, type TrialContext, TrialDiverged } from '../trainable.ts';
import { Learner } from './learner.ts';
import { Patience } from './patience.ts';
import { type SupervisedOptions, scheduleOf, splitOf } from './supervised-options.ts';
import type { Task } from './task.ts';
import type { TrainingParams } from './training-params.ts';

/** What every trial tells: `trainSeconds` leaves validation out, `peakBytes` is its memory's. */
const commonMetrics = ['loss', 'valLoss', 'trainSeconds', 'parameters', 'peakBytes'];

/** How far a training has come, beside its weights. */
interface Progress {
  readonly batch: number;
  /** Numbers drawn for weights, dropout and noise. */
  readonly draws: number;
  readonly trainMs: number;
  /** The least validation loss so far, and the validations since. */
  readonly patience: JsonObject;
}

const nothingDone: Progress = { batch: 0, draws: 0, trainMs: 0, patience: {} };

/** Builds a model from an input to `outputs` numbers; its weights, dropout and noise come from `random`. */
export type ModelBuilder<P> = (
  tf: Tensorflow,
  params: P,
  input: DatasetInput,
  outputs: number,
  random: Random,
) => tensorflow.LayersModel;

/** The metrics that a trial of a task reports: at steps the losses and scores, at the end all of them. */
export function metricsOf({ score, finalMetrics }: Task): string[] {
  return [...commonMetrics, score, validationName(score), ...finalMetrics];
}

/** Trains a model and reports at every step; the last step is validated with all held-back examples. */
export async function trainSupervised<P extends TrainingParams>(
  trial: TrialContext<P, SupervisedOptions>,
  build: ModelBuilder<P>,
  taskOf: (dataset: Dataset) => Task,
): Promise<MetricValues> {
  const { tf, params, options } = trial;
  const schedule = scheduleOf(options, params);
  const { dataset, batches, steps } = schedule;
  const { train, input } = dataset;
  const task = taskOf(dataset);
  const split = splitOf(schedule, options);
  const sample = split.validation.subarray(0, options.validationSample);
  const checkpoint = trial.restore();
  const done = checkpoint === null ? nothingDone : (checkpoint.state as unknown as Progress);
  const order = createRandom(trial.seed, 1);
  const stream = shuffledBatches(train, split.train, params.batchSize, order, done.batch);

  const random = countedRandom(createRandom(trial.seed, 2));
  const model = build(tf, params, input, task.outputs, random);
  const learner = new Learner(tf, model, params, task, input.shape);
  try {
    const parameters = model.countParams();
    trial.log(`${parameters} parameters, ${batches} batches of ${params.batchSize} examples, ${steps} steps`);
    const patience = new Patience(options.patience, done.patience);
    let step = 0;
    if (checkpoint !== null) {
      await learner.restore(checkpoint.tensors, done.trainMs);
      random.skipTo(done.draws);
      step = checkpoint.step;
      trial.log(`Goes on after step ${step}`);
    }
    for (let batch = done.batch + 1; ; batch++) {
      await trial.nextBatch();
      const examples = stream.next().value;
      if (input.kind === 'image' && params.shift > 0) {
        // A stream for each batch: a training that goes on from a checkpoint need not draw those before.
        shiftImages(examples.features, input.shape, params.shift, createRandom(trial.seed, 3, batch));
      }
      learner.train(examples);
      const isLast = batch === batches;
      const reached = isLast ? steps : Math.floor((batch * params.batchSize) / schedule.stepExamples);
      if (reached === step) continue;

      step = reached;
      const { loss, score } = await learner.takeTrainingMetrics();
      if (!Number.isFinite(loss)) throw new TrialDiverged(step, `The training loss became ${loss}`);
      const trained = { loss, [task.score]: score };
      const save = async (): Promise<Checkpoint> => {
        const state = { batch, draws: random.draws, trainMs: learner.trainMs, patience: patience.state };
        return { step, state, tensors: await learner.save() };
      };
      if (!isLast && step % options.validateEverySteps !== 0) {
        await trial.report(step, trained);
        await trial.checkpoint(save);
        continue;
      }
      let scores = await learner.evaluate(train, isLast ? split.validation : sample, trial);
      const stopsEarly = patience.isOverAfter(scores.loss) && !isLast;
      if (stopsEarly) {
        trial.log(
          `Stops after step ${step}: no lower validation loss in ${patience.withoutGain} validations`,
        );
        scores = await learner.evaluate(train, split.validation, trial);
      }
      const values = { ...trained, valLoss: scores.loss, [validationName(task.score)]: scores.score };
      await trial.report(step, values);
      if (isLast || stopsEarly) {
        const trainSeconds = learner.trainMs / 1000;
        return { ...values, ...scores.finalValues, trainSeconds, parameters, peakBytes: trial.peakBytes };
      }
      await trial.checkpoint(save);
    }
  } finally {
    learner.dispose();
  }
}

function validationName(score: string): string {
  return `val${score[0]!.toUpperCase()}${score.slice(1)}`;
}
