import type { Examples } from '../../../src/trainables/datasets/dataset.ts';

/** The accuracy of taking the class whose mean image is nearest: what a trained network must beat. */
export function nearestMeanAccuracy(
  examples: Examples,
  train: Uint32Array,
  validation: Uint32Array,
  classes: number,
): number {
  const size = examples.features.length / examples.count;
  const means = Array.from({ length: classes }, () => new Float64Array(size));
  const counts = new Float64Array(classes);
  for (const index of train) {
    const label = examples.targets[index]!;
    counts[label]!++;
    for (let k = 0; k < size; k++) means[label]![k]! += examples.features[index * size + k]!;
  }
  means.forEach((mean, label) => {
    for (let k = 0; k < size; k++) mean[k]! /= counts[label]!;
  });

  let right = 0;
  for (const index of validation) {
    const distances = means.map((mean) =>
      mean.reduce((sum, value, k) => sum + (value - examples.features[index * size + k]!) ** 2, 0),
    );
    if (distances.indexOf(Math.min(...distances)) === examples.targets[index]) right++;
  }
  return right / validation.length;
}
