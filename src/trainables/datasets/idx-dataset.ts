import type { Dataset, DatasetInput, Examples } from './dataset.ts';
import { decodeIdx } from './idx.ts';
import { readShared } from './read-shared.ts';

/** The two files of labelled images. */
export interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

/**
 * Labelled images in pairs of IDX files: images x height x width (x channels), and a class below 256 for each.
 * @throws Error with the file and what is wrong with it
 */
export async function readIdxDataset(name: string, train: IdxPair, test: IdxPair | null): Promise<Dataset> {
  const [first, second] = await Promise.all([readPair(train), test && readPair(test)]);
  const [height, width, channels = 1] = first.shape;
  const shape = [height!, width!, channels] as const;
  if (second !== null && second.shape.join() !== first.shape.join()) {
    throw new Error(`${test!.images}: its images have another size than those of ${train.images}`);
  }
  const input: DatasetInput = { kind: 'image', shape };
  let count = 0;
  for (const label of first.examples.targets) count = Math.max(count, label + 1);
  const classes = Array.from({ length: count }, (_, label) => String(label));
  return {
    name,
    input,
    target: { kind: 'class', classes },
    train: first.examples,
    test: second?.examples ?? { count: 0, features: new Uint8Array(), targets: new Uint8Array() },
  };
}

async function readPair(files: IdxPair): Promise<{ shape: readonly number[]; examples: Examples }> {
  const [images, labels] = await Promise.all([readIdx(files.images), readIdx(files.labels)]);
  const [count, ...shape] = images.shape;
  if (shape.length !== 2 && shape.length !== 3) {
    throw new Error(`${files.images}: it holds ${images.shape.join(' x ')} values; images need 3 or 4 axes`);
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new Error(`${files.labels}: it holds ${labels.shape.join(' x ')} labels for ${count} images`);
  }
  return { shape, examples: { count: count!, features: images.values, targets: labels.values } };
}

async function readIdx(path: string) {
  const bytes = await readShared(path);
  try {
    return decodeIdx(bytes);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}
