export type DatasetName = 'mnist';

/**
 * Labelled examples in shared memory: posted to a worker thread, a dataset is shared, not copied.
 * Features are bytes, to be read as value / 255.
 */
export interface Dataset {
  readonly name: DatasetName;
  /** The shape of one example, such as [28, 28, 1]: height, width, channels. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly train: Examples;
  readonly test: Examples;
}

export interface Examples {
  readonly count: number;
  /** One example after the other, each of `size(inputShape)` bytes; backed by a SharedArrayBuffer. */
  readonly features: Uint8Array;
  /** The class of each example, below `classes`; backed by a SharedArrayBuffer. */
  readonly labels: Uint8Array;
}
