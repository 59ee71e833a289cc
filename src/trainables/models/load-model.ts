import { readFile } from 'node:fs/promises';
import type * as tensorflow from '@tensorflow/tfjs';
import type { Tensorflow } from '../trainable.ts';
import type { SavedModel } from './saved-models.ts';

/** A saved model with its weights, on the backend of this thread. The caller disposes it. */
export async function loadModel(tf: Tensorflow, saved: SavedModel): Promise<tensorflow.LayersModel> {
  const { modelTopology, weightSpecs, weightFiles } = saved;
  const files = await Promise.all(weightFiles.map((file) => readFile(file)));
  const artifacts = {
    format: 'layers-model',
    modelTopology,
    weightSpecs: weightSpecs as unknown as tensorflow.io.WeightsManifestEntry[],
    weightData: files.map(({ buffer, byteOffset, byteLength }) =>
      (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength),
    ),
  };
  try {
    return await tf.loadLayersModel({ load: async () => artifacts });
  } catch (error) {
    const message = (error as Error).message;
    throw new Error(`The model in ${saved.folder} cannot be loaded: ${message}`, { cause: error });
  }
}
