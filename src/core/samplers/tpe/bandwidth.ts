/**
 * The width of the kernels of one parameter on its unit axis, by its observations (NaN ones lack the parameter), the
 * number of parameters of the space and of values of the parameter.
 */
export type Bandwidth = (coordinates: Float64Array, dimensions: number, cells: number) => number;

/** Scott's rate for kernels over `dimensions` parameters. */
const rate = (observations: number, dimensions: number): number =>
  Math.max(observations, 1) ** (-1 / (dimensions + 4));

/**
 * b = N^(-1 / (D + 4)) / 5, Scott's rule as Optuna scales it for a whole range, but not below 1 / min(100, N + 2), the
 * "magic clipping" of Hyperopt (both in Watanabe 2023, arXiv:2304.11127, "Bandwidth Selection").
 */
export const bandwidthOfRange: Bandwidth = (coordinates, dimensions) => {
  const { count } = spreadOf(coordinates);
  return Math.max(0.2 * rate(count, dimensions), 1 / Math.min(100, count + 2));
};

/**
 * b = 0.7 s N^(-1 / (D + 4)), Scott's rule with the standard deviation s of the observations, so that kernels narrow
 * as good trials gather; never wider than those of a whole range (s = 0.29 gives 1/5). A uniform pseudo-observation
 * counts in s, lest a parameter that few trials have is settled by chance. Not below 1 / min(100, N + 4), for few
 * observations must not make narrow kernels, nor below half a cell, so that a kernel always reaches the next one.
 */
export const bandwidthOfSpread: Bandwidth = (coordinates, dimensions, cells) => {
  const { count, deviation } = spreadOf(coordinates);
  const scott = Math.min(0.7 * deviation, 0.2) * rate(count, dimensions);
  return Math.max(scott, 1 / Math.min(100, count + 4), 0.5 / cells);
};

function spreadOf(coordinates: Float64Array): { count: number; deviation: number } {
  let count = 0;
  // The moments of the uniform distribution.
  let sum = 1 / 2;
  let squares = 1 / 3;
  for (let i = 0; i < coordinates.length; i++) {
    const coordinate = coordinates[i]!;
    if (Number.isNaN(coordinate)) continue;
    count++;
    sum += coordinate;
    squares += coordinate * coordinate;
  }
  const mean = sum / (count + 1);
  return { count, deviation: Math.sqrt(Math.max(0, squares / (count + 1) - mean * mean)) };
}
