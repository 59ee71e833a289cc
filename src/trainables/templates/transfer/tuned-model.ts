import type * as tensorflow from '@tensorflow/tfjs';
import type { Random } from '../../../core/random.ts';
import type { DatasetInput } from '../../datasets/dataset.ts';
import type { Tensorflow } from '../../trainable.ts';
import { initializer, inputLayers, nextSeed, seededDropout } from '../layers.ts';
import { adaptImages } from './adapt-images.ts';
import type { TransferParams } from './transfer-params.ts';
import type { TransferOptions, TransferPlan } from './transfer-plan.ts';

/** What a call of a layer is given beside its inputs. */
interface CallOptions {
  readonly training?: boolean;
}
type Call = (inputs: tensorflow.Tensor | tensorflow.Tensor[], options: CallOptions) => tensorflow.Tensor;

/**
 * A loaded model up to its features, its first layers frozen, with a new head. The result owns what it uses of `base`; the
 * rest is disposed.
 */
export function tunedModel(
  tf: Tensorflow,
  base: tensorflow.LayersModel,
  plan: TransferPlan,
  options: TransferOptions,
  {
    params,
    input,
    outputs,
    random,
  }: { params: TransferParams; input: DatasetInput; outputs: number; random: Random },
): tensorflow.LayersModel {
  const features = base.getLayer(plan.features).output as tensorflow.SymbolicTensor;
  const body = tf.model({ inputs: base.inputs, outputs: features, name: 'body' });
  for (const layer of base.layers) if (!body.layers.includes(layer)) layer.dispose();
  freeze(body.layers, params.frozenLayers);
  for (const layer of body.layers) if (layer.getClassName() === 'Dropout') seedDropout(tf, layer, random);

  const model = inputLayers(tf, input, params, random);
  if (input.kind === 'image') {
    const shape = plan.inputShape as [number, number, number];
    model.add(adaptImages(tf, shape, options.preprocessing));
  }
  model.add(body);
  // A model that has been made a layer of another belongs to both: this gives up the one's share.
  body.dispose();
  addHead(tf, model, params, outputs, random);
  return model;
}

function addHead(
  tf: Tensorflow,
  model: tensorflow.Sequential,
  { activation, dropout, headLayers, pooling, units }: TransferParams,
  outputs: number,
  random: Random,
): void {
  // Two sides and channels; what has been made flat stays so.
  if ((model.outputs[0] as tensorflow.SymbolicTensor).shape.length === 4) {
    if (pooling === 'average') model.add(tf.layers.globalAveragePooling2d({ name: 'head_pooling' }));
    else if (pooling === 'max') model.add(tf.layers.globalMaxPooling2d({ name: 'head_pooling' }));
    else model.add(tf.layers.flatten({ name: 'head_flatten' }));
  }
  for (let layer = 1; layer <= headLayers; layer++) {
    const kernelInitializer = initializer(tf, activation, random);
    model.add(tf.layers.dense({ units, activation, kernelInitializer, name: `head_${layer}` }));
    if (dropout > 0) model.add(seededDropout(tf, dropout, random));
  }
  const kernelInitializer = initializer(tf, 'tanh', random);
  model.add(tf.layers.dense({ units: outputs, kernelInitializer, name: 'head_outputs' }));
}

/**
 * Freezes the layers up to the one with the `count`-th weights. As in Keras they then compute as they do when nothing is
 * learnt, dropout and batch normalisation too.
 */
function freeze(layers: readonly tensorflow.layers.Layer[], count: number): void {
  let frozen = 0;
  for (const layer of layers) {
    if (layer.weights.length > 0 && ++frozen > count) return;
    layer.trainable = false;
    const call = layer.call.bind(layer) as Call;
    replaceCall(layer, (inputs, options) => call(inputs, { ...options, training: false }));
  }
}

/** Other values are left out in every batch, the same for a seed. */
function seedDropout(tf: Tensorflow, layer: tensorflow.layers.Layer, random: Random): void {
  if (!layer.trainable) return;
  const { rate } = layer as unknown as { readonly rate: number };
  replaceCall(layer, (inputs, { training }) => {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return training ? tf.dropout(x, rate, undefined, nextSeed(random)) : x;
  });
}

function replaceCall(layer: tensorflow.layers.Layer, call: Call): void {
  layer.call = call as tensorflow.layers.Layer['call'];
}
