/**
 * Labelled examples in shared memory: posted to a worker thread, a dataset is shared, not copied.
 */
export interface Dataset {
  readonly name: string;
  readonly input: DatasetInput;
  readonly target: DatasetTarget;
  /** What trials train on and hold examples back from. */
  readonly train: Examples;
  /** For use after the study alone; may be empty. */
  readonly test: Examples;
}

/** What an example looks like to a model. */
export type DatasetInput =
  /** Height, width, channels; bytes, to be read as value / 255. */
  | { readonly kind: 'image'; readonly shape: readonly [number, number, number] }
  /** Numbers, each with mean 0 and deviation 1 over all examples; a choice is a column of 0 and 1 for each of its values. */
  | { readonly kind: 'table'; readonly shape: readonly [number]; readonly columns: readonly string[] }
  /** The numbers of words, below `vocabulary`: 0 where the text has ended, 1 for rare words. */
  | { readonly kind: 'text'; readonly shape: readonly [number]; readonly vocabulary: number };

/** What is to be predicted. */
export type DatasetTarget =
  | { readonly kind: 'class'; readonly classes: readonly string[] }
  /** A number is learnt as (value - mean) / deviation. */
  | { readonly kind: 'number'; readonly name: string; readonly mean: number; readonly deviation: number };

export interface Examples {
  readonly count: number;
  /** One example after the other, in the order of the input's shape; backed by a SharedArrayBuffer. */
  readonly features: Uint8Array | Uint16Array | Float32Array;
  /** The class of each example, or its number as it is learnt; backed by a SharedArrayBuffer. */
  readonly targets: Uint8Array | Uint16Array | Float32Array;
}

/** An array in memory that threads share. */
export function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

export function sharedNumbers(length: number): Uint16Array<SharedArrayBuffer> {
  return new Uint16Array(new SharedArrayBuffer(length * Uint16Array.BYTES_PER_ELEMENT));
}
