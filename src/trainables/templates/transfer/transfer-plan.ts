import * as z from 'zod';
import { InputError } from '../../../core/errors.ts';
import { didYouMean } from '../../../core/nearest-name.ts';
import type { DatasetInput } from '../../datasets/dataset.ts';
import { layerShapes } from '../../models/layer-shapes.ts';
import { inputShapeOf, lastFeatures, layersUpTo, type SavedLayer } from '../../models/model-topology.ts';
import { type SavedModel, savedModel } from '../../models/saved-models.ts';
import { supervisedOptions } from '../supervised-options.ts';

export const transferOptions = z.strictObject({
  ...supervisedOptions.shape,
  model: z
    .string('must be the name of a model')
    .optional()
    .describe('The folder of the model in the operator’s folder; absent: the only one.'),
  features: z
    .string('must be the name of a layer')
    .optional()
    .describe(
      'The layer whose output the new head reads; absent: the last before the fully connected ones at the end.',
    ),
  preprocessing: z
    .enum(['none', 'tf', 'torch', 'caffe'], 'must be none, tf, torch or caffe')
    .default('none')
    .describe(
      'What the model was trained on, as Keras’ preprocess_input names it; none: values from 0 to 1.',
    ),
  imageSize: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(4096, 'must be at most 4096')
    .optional()
    .describe('The sides that images get, for a model that takes any; absent: those that they have.'),
});
export type TransferOptions = z.infer<typeof transferOptions>;

/** What of a saved model is used, and how an example becomes its input. */
export interface TransferPlan {
  readonly model: SavedModel;
  readonly inputShape: readonly number[];
  /** The name of the layer from which the new head starts. */
  readonly features: string;
  /** That layer and all before it. */
  readonly kept: readonly SavedLayer[];
  /** What each of them puts out for one example. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** @throws InputError where model, options and dataset do not fit together */
export function transferPlan(options: TransferOptions, input: DatasetInput): TransferPlan {
  const model = savedModel(options.model);
  const names = model.layers.map((layer) => layer.name);
  const features = options.features ?? lastFeatures(model.layers).name;
  if (!names.includes(features)) {
    throw InputError.at(
      'trainableOptions.features',
      `the model has no such layer. ${didYouMean(features, names)}`,
    );
  }
  const kept = layersUpTo(model.layers, features);
  const inputs = kept.filter((layer) => layer.kind === 'InputLayer');
  const inputShape = fitInput(inputs, options, input);
  return { model, inputShape, features, kept, shapes: layerShapes(kept, inputShape) };
}

function fitInput(
  inputs: readonly SavedLayer[],
  { dataset, imageSize, preprocessing }: TransferOptions,
  input: DatasetInput,
): number[] {
  const shape = inputs[0] && inputShapeOf(inputs[0]);
  if (inputs.length !== 1 || shape === undefined) {
    throw InputError.at(
      'trainableOptions.model',
      `the model has ${inputs.length} inputs of known shape, but transfer takes models with one.`,
    );
  }
  const given: readonly (number | undefined)[] =
    input.kind === 'image' && imageSize !== undefined ? [imageSize, imageSize, input.shape[2]] : input.shape;
  const fitted = shape.map((length, i) => length ?? given[i] ?? 1);
  const isImage = input.kind === 'image' && fitted.length === 3 && takesChannels(input.shape[2], fitted[2]!);
  const isTable = input.kind === 'table' && fitted.length === 1 && fitted[0] === input.shape[0];
  if (!isImage && !isTable) {
    throw InputError.at(
      'trainableOptions.dataset',
      `"${dataset}" has examples of kind ${input.kind} and shape ${input.shape.join(' x ')}, ` +
        `but the model takes ${fitted.join(' x ')}. Images may have any sides, and 1 or 3 channels; tables must fit.`,
    );
  }
  if ((preprocessing === 'caffe' || preprocessing === 'torch') && fitted[2] !== 3) {
    throw InputError.at('trainableOptions.preprocessing', `${preprocessing} is for a model of 3 channels.`);
  }
  return fitted;
}

function takesChannels(given: number, wanted: number): boolean {
  return given === wanted || (given === 1 && wanted === 3) || (given === 3 && wanted === 1);
}
