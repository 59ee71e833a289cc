import { InputError } from '../../core/errors.ts';
import { showJson } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest-name.ts';
import type { Dataset } from './dataset.ts';
import { findDatasets } from './dataset-files.ts';

const path = 'trainableOptions.dataset';

let operatorFolder: string | null = null;
const loading = new Map<string, Promise<Dataset>>();
const kept = new Map<string, Dataset>();

/** Names the folder with the operator's own datasets, for this process. */
export function offerDatasets(folder: string | null): void {
  operatorFolder = folder;
}

export function datasetNames(): string[] {
  return [...findDatasets(operatorFolder).keys()];
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
  const datasets = findDatasets(operatorFolder);
  const read = datasets.get(name);
  if (read === undefined) {
    throw InputError.at(path, `${showJson(name)} is not there. ${didYouMean(name, [...datasets.keys()])}`);
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
