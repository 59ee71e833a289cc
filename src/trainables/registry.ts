import { autoencoder } from './templates/autoencoder.ts';
import { cnn } from './templates/cnn.ts';
import { dense } from './templates/dense.ts';
import { gan } from './templates/gan/gan.ts';
import { lstm } from './templates/lstm.ts';
import { modelFamily } from './templates/model-family.ts';
import { transfer } from './templates/transfer/transfer.ts';
import { tsne } from './templates/tsne/tsne.ts';
import type { Trainable } from './trainable.ts';

const builtin = [dense, cnn, lstm, modelFamily, autoencoder, gan, transfer, tsne];

/** The trainables that come with the package, by name. Listing them does not load TensorFlow.js. */
export function builtinTrainables(): ReadonlyMap<string, Trainable> {
  return new Map(builtin.map((trainable) => [trainable.name, trainable]));
}
