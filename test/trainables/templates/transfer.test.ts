import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../../../src/trainables/backends/load-backend.ts';
import { type Batch, consecutiveBatches } from '../../../src/trainables/datasets/batches.ts';
import { loadDataset } from '../../../src/trainables/datasets/load-dataset.ts';
import { layerShapes } from '../../../src/trainables/models/layer-shapes.ts';
import { loadModel } from '../../../src/trainables/models/load-model.ts';
import { offerModels, savedModel } from '../../../src/trainables/models/saved-models.ts';
import { transfer } from '../../../src/trainables/templates/transfer/transfer.ts';
import { TrialStopped } from '../../../src/trainables/trainable.ts';
import { runLocally } from '../local-trial.ts';
import { saveModel, smallResidual, smallVgg } from '../models/save-model.ts';

const { tf } = await loadBackend('wasm');
const folder = await mkdtemp(join(tmpdir(), 'models-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
offerModels(folder);

const vgg = smallVgg();
await learnDigits();
// More than one file, and weights that begin in one and end in another.
await saveModel(vgg, join(folder, 'vgg'), 10_000);
const residual = smallResidual();
await saveModel(residual, join(folder, 'residual'));
const untrained = smallVgg(2);
await saveModel(untrained, join(folder, 'untrained'));
tf.dispose([vgg, residual, untrained].flatMap((model) => model.getWeights()));

/** Trains the VGG-shaped model on the last 1,500 images of MNIST, which no trial below uses. */
async function learnDigits(): Promise<void> {
  const { train } = await loadDataset('mnist');
  const last = Uint32Array.from({ length: 1_500 }, (_, i) => train.count - 1 - i);
  const { features, targets } = consecutiveBatches(train, last, last.length).next().value as Batch;
  const [x, y] = tf.tidy(() => {
    const small = tf.image.resizeBilinear(tf.tensor4d(features, [last.length, 28, 28, 1]), [16, 16]);
    return [tf.concat([small, small, small], 3), tf.oneHot(tf.tensor1d(targets, 'int32'), 10)];
  });
  vgg.compile({ optimizer: tf.train.adam(0.003), loss: 'categoricalCrossentropy' });
  await vgg.fit(x, y, { epochs: 3, batchSize: 32, shuffle: false, verbose: 0 });
  tf.dispose([x, y]);
}

const few = { trainExamples: 60, validationExamples: 300, epochs: 12, stepExamples: 360 };

describe('transfer', () => {
  it('learns digits from 60 images with what a VGG-shaped model has learnt, better than with random ones', async () => {
    const params = { pooling: 'flatten', learningRate: 0.01, batchSize: 20 };
    const before = tf.memory().numTensors;
    const run = (model: string) => runLocally(transfer, { tf, params, options: { ...few, model } });
    const [learnt, unlearnt] = [await run('vgg'), await run('untrained')];
    expect(learnt.error).toBeUndefined();
    expect(learnt.values!.valAccuracy).toBeGreaterThan(0.7);
    expect(learnt.values!.valAccuracy).toBeGreaterThan(unlearnt.values!.valAccuracy! + 0.1);
    expect(learnt.log[0]).toContain('vgg up to block2_pool: 4 layers with weights, 4 of them frozen');
    // 4 x 4 x 16 features, 10 classes.
    expect(learnt.log[1]).toContain(`${8 * 28 + 8 * 73 + 16 * 73 + 16 * 145 + 257 * 10} parameters`);
    expect(Object.keys(learnt.values!).sort()).toEqual([...transfer.metricsOf({})].sort());
    expect(tf.memory().numTensors).toBe(before);
  });

  it('trains the layers that are not frozen, and keeps those alone in checkpoints', async () => {
    const params = { frozenLayers: 2, headLayers: 1, units: 5, pooling: 'max', batchSize: 20 };
    const options = { ...few, model: 'vgg', epochs: 6, stepExamples: 120 };
    const run = await runLocally(transfer, { tf, params, options, pauseAtStep: 1 });
    expect(run.error).toBeInstanceOf(TrialStopped);
    const { tensors } = run.checkpoint!;
    const weights = Object.keys(tensors).filter((name) => name.startsWith('model.'));
    // Two convolutions and two fully connected layers, a kernel and a bias each.
    expect(weights.map((name) => tensors[name]!.shape.join())).toEqual([
      '3,3,8,16',
      '16',
      '3,3,16,16',
      '16',
      '16,5',
      '5',
      '5,10',
      '10',
    ]);
    const base = await loadModel(tf, savedModel('vgg'));
    const [kernel] = base.getLayer('block2_conv1').getWeights();
    expect(tensors[weights[0]!]!.values).not.toEqual(await kernel!.data());
    base.dispose();
  });

  it.each([
    ['vgg', { features: 'fc1' }],
    ['residual', { imageSize: 20 }],
  ])('of %s goes on after a pause with the same bits as without one', async (model, more) => {
    const params = { frozenLayers: 2, headLayers: 1, units: 6, batchSize: 10, dropout: 0.2, noise: 0.1 };
    const options = { ...few, ...more, model, epochs: 2, stepExamples: 40, validationExamples: 30 };
    const before = tf.memory().numTensors;
    const whole = await runLocally(transfer, { tf, params, options });
    expect(whole.error).toBeUndefined();
    const first = await runLocally(transfer, { tf, params, options, pauseAtStep: 2 });
    const rest = await runLocally(transfer, { tf, params, options, checkpoint: first.checkpoint! });
    expect({ ...rest.values, trainSeconds: 0 }).toEqual({ ...whole.values, trainSeconds: 0 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['none', 'tf', 'torch', 'caffe'])(
    'gives the model what it was trained on: %s',
    async (preprocessing) => {
      const params = { learningRate: 0.01, batchSize: 20 };
      const options = { ...few, model: 'vgg', preprocessing, epochs: 1 };
      const run = await runLocally(transfer, { tf, params, options });
      expect(run.error).toBeUndefined();
      expect(Number.isFinite(run.values!.valLoss)).toBe(true);
    },
  );
});

describe('the folder of a model', () => {
  const check = (options: object) => () => transfer.checkOptions({ ...few, ...options } as never);
  const spoil = async (name: string, change: (folder: string) => Promise<void>): Promise<string> => {
    const path = join(folder, name);
    const model = smallVgg();
    await saveModel(model, path, 10_000);
    model.dispose();
    await change(path);
    return name;
  };

  it.each([
    [
      { model: 'vggg' },
      /^trainableOptions\.model: there is no model\.json in a folder "vggg" of .*models-\w+\. Did you mean "vgg"\?$/,
    ],
    [{}, /^trainableOptions\.model: name the folder of the model: residual, untrained, vgg\.$/],
    [{ model: '../vgg' }, /there is no model\.json in a folder "\.\.\/vgg"/],
    [
      { model: 'vgg', features: 'flaten' },
      /^trainableOptions\.features: the model has no such layer\. Did you mean "flatten"\?/,
    ],
    [
      { model: 'vgg', dataset: 'iris' },
      /"iris" has examples of kind table and shape 4, but the model takes 16 x 16 x 3\./,
    ],
    [
      { model: 'vgg', dataset: 'spam' },
      /"spam" is a dataset of kind text, but transfer takes image or table/,
    ],
    [
      { model: 'residual', preprocessing: 'caffe' },
      /^trainableOptions\.preprocessing: caffe is for a model of 3 channels\.$/,
    ],
  ])('is named by %j, which is refused with the reason', async (options, message) => {
    await Promise.all([
      transfer.prepare({}),
      transfer.prepare({ dataset: 'iris' }),
      transfer.prepare({ dataset: 'spam' }),
    ]);
    const { validationExamples, trainExamples, ...rest } = few;
    const size =
      'dataset' in options
        ? { trainExamples: 20, validationExamples: 20 }
        : { validationExamples, trainExamples };
    expect(check({ ...rest, ...size, ...options })).toThrow(message);
  });

  it.each<[string, (folder: string) => Promise<void>, RegExp]>([
    [
      'no-json',
      (at) => writeFile(join(at, 'model.json'), '{'),
      /model\.json cannot be used: it is no JSON: /,
    ],
    [
      'graph',
      (at) => writeFile(join(at, 'model.json'), '{"format":"graph-model"}'),
      /it is a graph model.* --output_format=tfjs_layers_model\.$/,
    ],
    [
      'no-weights',
      (at) => rm(join(at, 'group1-shard2of6.bin')),
      /group1-shard2of6\.bin is not there: copy all files of the model\.$/,
    ],
    [
      'cut-off',
      (at) => truncate(join(at, 'group1-shard6of6.bin'), 100),
      /should have \d+ bytes of weights, but \d+ are there: copy again\.$/,
    ],
    [
      'other',
      (at) => writeFile(join(at, 'model.json'), '{"weights": []}'),
      /it is no layers model of TensorFlow\.js\.$/,
    ],
  ])('that has a fault (%s) is refused with the reason', async (name, change, message) => {
    await transfer.prepare({});
    const model = await spoil(name, change);
    expect(check({ model })).toThrow(message);
    await rm(join(folder, name), { recursive: true });
  });

  it('is missing, or has none', async () => {
    await transfer.prepare({});
    offerModels(null);
    expect(check({ model: 'vgg' })).toThrow(/there are no models\. .*modelsDir \(TRIALGRAPH_MODELS_DIR\)/);
    const empty = join(folder, 'empty');
    await mkdir(empty);
    offerModels(empty);
    expect(check({})).toThrow(/name the folder of the model: .*empty has no folder with a model\.json/);
    offerModels(folder);
    await rm(empty, { recursive: true });
  });
});

describe('the shapes of layers', () => {
  it.each([
    ['vgg', [16, 16, 3]],
    ['residual', [21, 14, 1]],
  ])('of %s are those that its layers put out', async (name, input) => {
    const saved = savedModel(name);
    const model = await loadModel(tf, saved);
    const outputs = tf.model({
      inputs: model.inputs,
      outputs: model.layers.map((layer) => layer.output) as never,
    });
    const values = tf.tidy(() => {
      const made = outputs.apply(tf.zeros([1, ...input])) as unknown as { shape: number[] }[];
      return made.map(({ shape }) => shape.slice(1));
    });
    const shapes = layerShapes(saved.layers, input);
    expect(model.layers.map((layer) => [layer.name, shapes.get(layer.name)])).toEqual(
      model.layers.map((layer, i) => [layer.name, values[i]]),
    );
    const counted = model.layers.map((layer) => [layer.name, saved.weights.get(layer.name) ?? 0]);
    expect(counted).toEqual(model.layers.map((layer) => [layer.name, layer.countParams()]));
    model.dispose();
  });
});
