import * as z from 'zod';
import { type DatasetName, datasetNames, datasetShapes } from '../datasets/dataset.ts';

const count = z.int('must be a whole number').min(1, 'must be 1 or more');

/** The fixed settings of the classifier templates. */
export const classifierOptions = z
  .strictObject({
    dataset: z
      .enum(datasetNames as [DatasetName], `must be one of ${datasetNames.join(', ')}`)
      .default('mnist'),
    /** Passes over the training examples; a fraction is fine. */
    epochs: z
      .number('must be a number')
      .positive('must be above 0')
      .max(10_000, 'must be at most 10000')
      .default(2),
    /** Training examples; absent: all that are not held back for validation. */
    trainExamples: count.optional(),
    /** Examples held back for validation. */
    validationExamples: count.default(10_000),
    /** Training examples a step: trials of any batch size report at the same steps. */
    stepExamples: count.default(2_000),
    /** Steps from one validation to the next; the last step is always validated, with all held-back examples. */
    validateEverySteps: count.default(1),
    /** How many of the held-back examples a validation before the last step uses. */
    validationSample: count.default(1_000),
    /** Decides which examples are held back: the same for all trials of a study, so that they can be compared. */
    splitSeed: z.int('must be a whole number').default(0),
  })
  .superRefine((options, context) => {
    const available = datasetShapes[options.dataset].trainCount;
    const wanted = (options.trainExamples ?? 1) + options.validationExamples;
    if (wanted > available) {
      context.addIssue({
        code: 'custom',
        path: [options.trainExamples === undefined ? 'validationExamples' : 'trainExamples'],
        message:
          `with validationExamples this needs ${wanted} examples, ` +
          `but ${options.dataset} has ${available}; lower one of them`,
      });
    }
  });

export type ClassifierOptions = z.infer<typeof classifierOptions>;

export function trainCount(options: ClassifierOptions): number {
  return options.trainExamples ?? datasetShapes[options.dataset].trainCount - options.validationExamples;
}

/** How many batches of a size a trial trains on, and how many steps that makes; the last step may be shorter. */
export function trainingLength(
  options: ClassifierOptions,
  batchSize: number,
): { batches: number; steps: number } {
  const batches = Math.max(1, Math.floor((options.epochs * trainCount(options)) / batchSize));
  return { batches, steps: Math.ceil((batches * batchSize) / options.stepExamples) };
}
