import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csvDescription, readCsvDataset } from './csv-dataset.ts';
import type { Dataset } from './dataset.ts';
import { readIdxDataset } from './idx-dataset.ts';
import { loadMnist } from './mnist.ts';
import { readShared } from './read-shared.ts';

/** Iris, cars and spam, which come with trialgraph. */
const builtinFolder = fileURLToPath(new URL('../../../datasets', import.meta.url));

const csvFile = /^(.+)\.csv(\.gz)?$/;
const imageFile = /^(.+)-images[-.]idx[34]-ubyte(\.gz)?$/;

/** Reads a dataset from its files. */
export type DatasetReader = () => Promise<Dataset>;

/**
 * The datasets that can be loaded, by name: MNIST, those that come with trialgraph, and in `folder` every NAME.csv (with
 * NAME.json beside it, see `csvDescription`) and pair of NAME-images-idx3-ubyte and NAME-labels-idx1-ubyte, all of them
 * also with .gz. Those of the folder hide others of their name. Looks anew at every call, so that files can be added.
 */
export function findDatasets(folder: string | null): ReadonlyMap<string, DatasetReader> {
  const found = new Map<string, DatasetReader>([['mnist', loadMnist]]);
  for (const directory of folder === null ? [builtinFolder] : [builtinFolder, folder]) {
    if (!existsSync(directory)) continue;
    for (const file of readdirSync(directory).sort()) {
      const table = csvFile.exec(file)?.[1];
      if (table !== undefined) found.set(table, () => readTable(directory, file, table));
      const images = imageFile.exec(file)?.[1];
      if (images === undefined) continue;
      const labels = join(directory, file.replace('-images', '-labels').replace(/idx[34]/, 'idx1'));
      found.set(images, () => readIdxDataset(images, { images: join(directory, file), labels }, null));
    }
  }
  return found;
}

async function readTable(directory: string, file: string, name: string): Promise<Dataset> {
  const path = join(directory, file);
  const descriptionPath = join(directory, `${name}.json`);
  const description = existsSync(descriptionPath) ? await readDescription(descriptionPath) : {};
  const content = Buffer.from(await readShared(path));
  try {
    return readCsvDataset(name, content, csvDescription.parse(description));
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

async function readDescription(path: string): Promise<unknown> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: it is no JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = csvDescription.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${path}: ${issue!.path.join('.') || 'the description'}: ${issue!.message}`);
}
