/**
 * Where this process begins to number the batches that it stores of a run: a program of the run that reports through the
 * API too begins at 0, and a number that comes twice is taken for the same batch.
 */
export const firstOwnBatch = 2 ** 30;
