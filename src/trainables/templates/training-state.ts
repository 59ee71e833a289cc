import type * as tensorflow from '@tensorflow/tfjs';
import type { Checkpoint, CheckpointTensor } from '../checkpoint.ts';
import type { Tensorflow } from '../trainable.ts';

/** A model and the optimizer that trains it. */
export interface Training {
  readonly model: tensorflow.LayersModel;
  readonly optimizer: tensorflow.Optimizer;
}

/**
 * The weights and what the optimizer keeps, to go on from between two batches; all names begin with `prefix`. Those of
 * frozen layers are left out: they are what they were.
 */
export async function saveTraining(
  { model, optimizer }: Training,
  prefix = '',
): Promise<Checkpoint['tensors']> {
  const tensors: Record<string, CheckpointTensor> = {};
  const add = async (name: string, tensor: tensorflow.Tensor): Promise<void> => {
    const values = (await tensor.data()) as Float32Array | Int32Array;
    tensors[prefix + name] = { shape: tensor.shape, values };
  };
  for (const [i, weight] of changingWeights(model).entries()) {
    await add(`model.${i}.${weight.originalName.split('/').at(-1)}`, weight.read());
  }
  const kept = await optimizer.getWeights();
  for (const [i, { tensor }] of kept.entries()) await add(`optimizer.${i}`, tensor);
  // The first is a count of iterations that was made for us; the others are the optimizer's own.
  kept[0]!.tensor.dispose();
  for (const [name, variable] of Object.entries(decaysOf(optimizer))) await add(name, variable);
  return tensors;
}

/** Takes over what `saveTraining` gave in another process. */
export async function restoreTraining(
  tf: Tensorflow,
  { model, optimizer }: Training,
  tensors: Checkpoint['tensors'],
  prefix = '',
): Promise<void> {
  const read = (name: string): tensorflow.Tensor[] =>
    Object.entries(tensors)
      .filter(([key]) => key.startsWith(prefix + name))
      .map(([, { shape, values }]) =>
        tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32'),
      );
  const weights = read('model.');
  for (const [i, weight] of changingWeights(model).entries()) weight.write(weights[i]!);
  const kept = read('optimizer.');
  await optimizer.setWeights(kept.map((tensor, i) => ({ name: `optimizer.${i}`, tensor })));
  for (const [name, variable] of Object.entries(decaysOf(optimizer))) {
    const [decay] = read(name);
    variable.assign(decay!);
    decay!.dispose();
  }
  tf.dispose([...weights, ...kept]);
}

/** All but those of layers that are not trainable. */
function changingWeights(model: tensorflow.LayersModel): tensorflow.LayersModel['weights'] {
  const frozen = new Set(frozenLayers(model).flatMap((layer) => layer.weights));
  return model.weights.filter((weight) => !frozen.has(weight));
}

function frozenLayers({ layers }: tensorflow.LayersModel): tensorflow.layers.Layer[] {
  return layers.flatMap((layer) => {
    if (!layer.trainable) return [layer];
    return 'layers' in layer ? frozenLayers(layer as tensorflow.LayersModel) : [];
  });
}

/**
 * Adam's powers of its decay rates. `setWeights` computes them afresh, which differs in the last bits from the products
 * that training has made of them.
 */
function decaysOf(optimizer: tensorflow.Optimizer): Readonly<Record<string, tensorflow.Variable>> {
  const { accBeta1, accBeta2 } = optimizer as unknown as Record<string, tensorflow.Variable | undefined>;
  return accBeta1 === undefined || accBeta2 === undefined ? {} : { accBeta1, accBeta2 };
}
