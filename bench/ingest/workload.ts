/** What the benchmark stores: 200 trials with 5 series, in batches of 1,000 points (200 steps of each series). */
export const trialCount = 200;
export const seriesNames = ['loss', 'accuracy', 'valLoss', 'valAccuracy', 'learningRate'] as const;
export const stepsPerBatch = 200;
export const batchesPerTrial = 15;
export const pointsPerBatch = stepsPerBatch * seriesNames.length;
export const connectionCount = 16;
export const singlesMs = 4000;

const firstTime = 1_800_000_000_000;
const stepMs = 250;

/** The columns of one series in one batch: regular steps and wall times, noise for values. */
export interface BatchColumns {
  readonly steps: Int32Array;
  readonly values: Float64Array;
  readonly times: Float64Array;
}

export function batchColumns(batch: number): BatchColumns {
  const steps = Int32Array.from({ length: stepsPerBatch }, (_, i) => batch * stepsPerBatch + i);
  return {
    steps,
    values: Float64Array.from(steps, (step) => Math.exp(-step / 2000) + Math.random() / 10),
    times: Float64Array.from(steps, (step) => firstTime + step * stepMs),
  };
}
