import { InputError } from '../../core/errors.ts';
import { showJson } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest-name.ts';
import type { Dataset } from './dataset.ts';
import { findDatasets } from './dataset-files.ts';

const path = 'trainableOptions.dataset';

interface Datasets {
  operatorFolder: string | null;
  readonly loading: Map<string, Promise<Dataset>>;
  readonly kept: Map<string, Dataset>;
}

/** One for all copies of this module: newer versions of Node link an operator's TypeScript to a copy of its own. */
const shared = globalThis as { [key: symbol]: Datasets | undefined };
const key = Symbol.for('trialgraph.datasets');
shared[key] ??= { operatorFolder: null, loading: new Map(), kept: new Map() };
const datasets = shared[key];
const { loading, kept } = datasets;

/** Names the folder with the operator's own datasets, for this process. */
export function offerDatasets(folder: string | null): void {
  datasets.operatorFolder = folder;
}

export function offeredFolder(): string | null {
  return datasets.operatorFolder;
}

export function datasetNames(): string[] {
  return [...findDatasets(datasets.operatorFolder).keys()];
}

/**
 * Loads a dataset, once in each process. @throws InputError for one that is not there or cannot be read, with the reason
 */
export function loadDataset(name: string): Promise<Dataset> {
  const known = loading.get(name);
  if (known) return known;
  const load = readDataset(name);
  loading.set(name, load);
  load.then(
    (dataset) => kept.set(name, dataset),
    // A failed load is tried again by the next call.
    () => loading.delete(name),
  );
  return load;
}

async function readDataset(name: string): Promise<Dataset> {
  const found = findDatasets(datasets.operatorFolder);
  const read = found.get(name);
  if (read === undefined) {
    throw InputError.at(path, `${showJson(name)} is not there. ${didYouMean(name, [...found.keys()])}`);
  }
  try {
    return await read();
  } catch (error) {
    throw InputError.at(path, `${showJson(name)} cannot be used: ${(error as Error).message}.`);
  }
}

/** Makes `loadedDataset` of this thread answer with a dataset that another thread loaded. */
export function keepDataset(dataset: Dataset): void {
  kept.set(dataset.name, dataset);
}

/** A dataset that this thread has loaded or was given. @throws InputError for any other */
export function loadedDataset(name: string): Dataset {
  const dataset = kept.get(name);
  if (dataset === undefined) throw InputError.at(path, `${showJson(name)} is not loaded.`);
  return dataset;
}
