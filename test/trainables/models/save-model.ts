import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

/** Writes a model as tensorflowjs_converter does: model.json, and the weights in files of at most `shardBytes`. */
export async function saveModel(model: tf.LayersModel, folder: string, shardBytes = 4 << 20): Promise<void> {
  await mkdir(folder, { recursive: true });
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const bytes = Buffer.from(weightData as ArrayBuffer);
      const count = Math.ceil(bytes.length / shardBytes);
      const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
      for (const [i, path] of paths.entries()) {
        await writeFile(join(folder, path), bytes.subarray(i * shardBytes, (i + 1) * shardBytes));
      }
      const json = {
        format: 'layers-model',
        modelTopology,
        weightsManifest: [{ paths, weights: weightSpecs }],
      };
      await writeFile(join(folder, 'model.json'), JSON.stringify(json));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
}

/** The layers of VGG-19 by kind, name and order, with two blocks of few filters, for images of 16 x 16 in 3 channels. */
export function smallVgg(seed = 1): tf.LayersModel {
  const model = tf.sequential();
  const init = (() => {
    let next = seed * 100;
    return () => tf.initializers.heNormal({ seed: ++next });
  })();
  for (const [block, filters] of [8, 16].entries()) {
    for (const layer of [1, 2]) {
      model.add(
        tf.layers.conv2d({
          name: `block${block + 1}_conv${layer}`,
          filters,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          kernelInitializer: init(),
          ...(block === 0 && layer === 1 ? { inputShape: [16, 16, 3] } : {}),
        }),
      );
    }
    model.add(tf.layers.maxPooling2d({ name: `block${block + 1}_pool`, poolSize: 2 }));
  }
  model.add(tf.layers.flatten({ name: 'flatten' }));
  for (const name of ['fc1', 'fc2']) {
    model.add(tf.layers.dense({ name, units: 32, activation: 'relu', kernelInitializer: init() }));
  }
  model.add(
    tf.layers.dense({ name: 'predictions', units: 10, activation: 'softmax', kernelInitializer: init() }),
  );
  return model;
}

/** A graph with what sequences do not have: a shortcut, batch normalisation, dropout, a border, free sides. */
export function smallResidual(): tf.LayersModel {
  const input = tf.input({ shape: [null, null, 1] });
  const convolve = (name: string, seed: number, strides = 1) =>
    tf.layers.conv2d({
      ...{ name, filters: 4, kernelSize: 3, strides, padding: 'same' as const, useBias: false },
      kernelInitializer: tf.initializers.heNormal({ seed }),
    });
  const padded = tf.layers
    .zeroPadding2d({
      padding: [
        [1, 0],
        [0, 1],
      ] as never,
      name: 'border',
    })
    .apply(input);
  const first = convolve('conv_a', 1, 2).apply(padded) as tf.SymbolicTensor;
  const normal = tf.layers.batchNormalization({ name: 'norm_a' }).apply(first) as tf.SymbolicTensor;
  const kept = tf.layers.dropout({ rate: 0.4, name: 'drop' }).apply(normal) as tf.SymbolicTensor;
  const second = convolve('conv_b', 2).apply(kept) as tf.SymbolicTensor;
  const again = tf.layers.batchNormalization({ name: 'norm_b' }).apply(second) as tf.SymbolicTensor;
  const sum = tf.layers.add({ name: 'shortcut' }).apply([normal, again]) as tf.SymbolicTensor;
  const rise = tf.layers.activation({ activation: 'relu', name: 'rise' }).apply(sum) as tf.SymbolicTensor;
  const pooled = tf.layers.globalAveragePooling2d({ name: 'pool' }).apply(rise) as tf.SymbolicTensor;
  const output = tf.layers.dense({
    ...{ name: 'old_head', units: 7 },
    kernelInitializer: tf.initializers.heNormal({ seed: 3 }),
  });
  return tf.model({ inputs: input, outputs: output.apply(pooled) as tf.SymbolicTensor });
}
