import * as z from 'zod';
import { InputError } from '../../core/errors.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { loadedDataset } from '../datasets/load-dataset.ts';
import { type Split, splitExamples } from '../datasets/split.ts';

const count = z.int('must be a whole number').min(1, 'must be 1 or more');

/** The fixed settings of the templates that learn from labelled examples. */
export const supervisedOptions = z.strictObject({
  dataset: z
    .string('must be the name of a dataset')
    .default('mnist')
    .describe('MNIST, one that comes with trialgraph, or one from the operator’s folder.'),
  epochs: z
    .number('must be a number')
    .positive('must be above 0')
    .max(10_000, 'must be at most 10000')
    .optional()
    .describe(
      'Passes over the training examples; a fraction is fine. Absent: 2, or what makes 40,000 examples, up to 100.',
    ),
  trainExamples: count
    .optional()
    .describe('Training examples; absent: all that are not held back for validation.'),
  validationExamples: count
    .optional()
    .describe('Examples held back for validation; absent: a fifth of all, at most 10,000.'),
  stepExamples: count
    .optional()
    .describe(
      'Training examples a step: trials of any batch size report at the same steps. Absent: an epoch, at most 2,000.',
    ),
  validateEverySteps: count
    .default(1)
    .describe(
      'Steps from one validation to the next; the last is always validated, with all examples held back.',
    ),
  validationSample: count
    .default(1_000)
    .describe('How many of the examples held back a validation before the last step uses.'),
  patience: count
    .optional()
    .describe('Ends a training after so many validations without a lower loss; absent: never.'),
  splitSeed: z
    .int('must be a whole number')
    .default(0)
    .describe('Decides which examples are held back: the same for all trials of a study.'),
});

export type SupervisedOptions = z.infer<typeof supervisedOptions>;

const fewestExamples = 40_000;
const mostEpochs = 100;

/** How a trial goes through its dataset. */
export interface Schedule {
  readonly dataset: Dataset;
  readonly trainCount: number;
  readonly validationCount: number;
  readonly batches: number;
  readonly stepExamples: number;
  /** Steps that are reported; the last may be shorter. */
  readonly steps: number;
}

/** What the settings mean for a dataset that is loaded. @throws InputError where it has too few examples */
export function scheduleOf(
  options: SupervisedOptions,
  { batchSize, trainShare }: { readonly batchSize: number; readonly trainShare: number },
): Schedule {
  const dataset = loadedDataset(options.dataset);
  const available = dataset.train.count;
  const validationCount =
    options.validationExamples ?? Math.max(1, Math.min(10_000, Math.floor(available / 5)));
  const allTrain = options.trainExamples ?? available - validationCount;
  if (allTrain < 1 || allTrain + validationCount > available) {
    throw InputError.at(
      `trainableOptions.${options.trainExamples === undefined ? 'validationExamples' : 'trainExamples'}`,
      `needs ${Math.max(1, allTrain) + validationCount} examples, those for training and validation together, ` +
        `but ${options.dataset} has ${available}; lower one of them.`,
    );
  }
  const trainCount = Math.max(1, Math.round(allTrain * trainShare));
  // By all examples, so that trials with a smaller share of them are as long as the others.
  const epochs = options.epochs ?? Math.min(mostEpochs, Math.max(2, Math.ceil(fewestExamples / allTrain)));
  const stepExamples = options.stepExamples ?? Math.min(2_000, allTrain);
  const batches = Math.max(1, Math.floor((epochs * allTrain) / batchSize));
  const steps = Math.ceil((batches * batchSize) / stepExamples);
  return { dataset, trainCount, validationCount, batches, stepExamples, steps };
}

/** Which examples a trial trains on and which it holds back. */
export function splitOf(schedule: Schedule, { splitSeed }: Pick<SupervisedOptions, 'splitSeed'>): Split {
  const { dataset, trainCount, validationCount } = schedule;
  return splitExamples(dataset.train.count, validationCount, trainCount, splitSeed);
}
