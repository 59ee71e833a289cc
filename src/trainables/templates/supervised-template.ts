import type * as z from 'zod';
import { InputError } from '../../core/errors.ts';
import type { SearchSpaceInput } from '../../core/search-space/space.ts';
import type { Dataset, DatasetInput } from '../datasets/dataset.ts';
import { loadedDataset } from '../datasets/load-dataset.ts';
import { defineTrainable, type Trainable } from '../trainable.ts';
import { possibleTasks, taskOf } from './dataset-task.ts';
import { evaluationBatch } from './learner.ts';
import { ModelSize } from './model-size.ts';
import { scheduleOf, supervisedOptions } from './supervised-options.ts';
import type { Task } from './task.ts';
import { type ModelBuilder, metricsOf, trainSupervised } from './train-supervised.ts';
import type { TrainingParams } from './training-params.ts';

/** A kind of model that learns from labelled examples. */
export interface ModelFamily<P extends TrainingParams> {
  readonly name: string;
  readonly description: string;
  readonly space: SearchSpaceInput;
  readonly params: z.ZodObject & z.ZodType<P>;
  /** The inputs that it takes. */
  readonly inputs: readonly DatasetInput['kind'][];
  readonly build: ModelBuilder<P>;
  /** Absent: to predict the dataset's target. */
  readonly learning?: Learning;
  /** Adds the layers that `build` makes, but for the inputs and outputs. */
  addLayers(size: ModelSize, params: P, input: DatasetInput): void;
}

/** What a model is trained for. */
interface Learning {
  task(dataset: Dataset): Task;
  /** One of each kind, for the names of their metrics. */
  readonly possible: readonly Task[];
}

/** Makes a trainable of a model family: a classifier or a regressor, as its dataset's target has it. */
export function supervisedTemplate<P extends TrainingParams>(family: ModelFamily<P>): Trainable {
  const { name, inputs, learning = { task: taskOf, possible: possibleTasks } } = family;
  return defineTrainable({
    name,
    description: family.description,
    space: family.space,
    metrics: [...new Set(learning.possible.flatMap(metricsOf))],
    metricsOf: ({ dataset }) => metricsOf(learning.task(loadedDataset(dataset))),
    params: family.params,
    options: supervisedOptions,
    datasets: ({ dataset }) => [dataset],
    check: (options) => {
      scheduleOf(options, { batchSize: 1, trainShare: 1 });
      const { input } = loadedDataset(options.dataset);
      if (inputs.includes(input.kind)) return;
      throw InputError.at(
        'trainableOptions.dataset',
        `"${options.dataset}" is a dataset of kind ${input.kind}, but ${name} takes ${inputs.join(' or ')}. ` +
          'Choose another dataset or trainable.',
      );
    },
    totalSteps: (params, options) => scheduleOf(options, params).steps,
    estimateMemory: (params, options) => {
      const dataset = loadedDataset(options.dataset);
      const { input } = dataset;
      const size = new ModelSize(input.shape);
      family.addLayers(size, params, input);
      size.addDense(learning.task(dataset).outputs);
      return size.trainingBytes(Math.max(params.batchSize, evaluationBatch), params.optimizer);
    },
    run: (trial) => trainSupervised(trial, family.build, learning.task),
  });
}
