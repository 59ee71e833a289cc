import type { Dataset, DatasetName } from './dataset.ts';
import { loadMnist } from './mnist.ts';

const loaders: Readonly<Record<DatasetName, () => Promise<Dataset>>> = { mnist: loadMnist };
const kept = new Map<DatasetName, Promise<Dataset>>();

/** Loads a dataset, once in each thread that was not given it by `keepDataset`. */
export function loadDataset(name: DatasetName): Promise<Dataset> {
  const known = kept.get(name);
  if (known) return known;
  const loading = loaders[name]();
  kept.set(name, loading);
  // A failed load is tried again by the next call.
  loading.catch(() => kept.delete(name));
  return loading;
}

/** Makes `loadDataset` of this thread answer with a dataset that another thread loaded. */
export function keepDataset(dataset: Dataset): void {
  kept.set(dataset.name, Promise.resolve(dataset));
}
