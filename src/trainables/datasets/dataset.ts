/** What is known of each dataset before it is loaded. */
export const datasetShapes = {
  mnist: { inputShape: [28, 28, 1], classes: 10, trainCount: 60_000, testCount: 10_000 },
} as const satisfies Record<string, DatasetShape>;

export type DatasetName = keyof typeof datasetShapes;
export const datasetNames = Object.keys(datasetShapes) as DatasetName[];

export interface DatasetShape {
  /** The shape of one example, such as [28, 28, 1]: height, width, channels. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly trainCount: number;
  readonly testCount: number;
}

/**
 * Labelled examples in shared memory: posted to a worker thread, a dataset is shared, not copied.
 * Features are bytes, to be read as value / 255.
 */
export interface Dataset {
  readonly name: DatasetName;
  readonly train: Examples;
  readonly test: Examples;
}

export interface Examples {
  readonly count: number;
  /** One example after the other, in the order of the input shape; backed by a SharedArrayBuffer. */
  readonly features: Uint8Array;
  /** The class of each example, below `classes`; backed by a SharedArrayBuffer. */
  readonly labels: Uint8Array;
}
