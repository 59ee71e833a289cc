/** The width of the kernels of one parameter on its unit axis, by its observations; NaN ones lack the parameter. */
export type Bandwidth = (coordinates: Float64Array, dimensions: number) => number;

/** Scott's rate for kernels over `dimensions` parameters. */
const rate = (observations: number, dimensions: number): number =>
  Math.max(observations, 1) ** (-1 / (dimensions + 4));

/** The "magic clipping" of Hyperopt: few observations must not make narrow kernels. */
const least = (observations: number): number => 1 / Math.min(100, observations + 2);

/**
 * b = N^(-1 / (D + 4)) / 5, Scott's rule as Optuna scales it for a whole range, but not below 1 / min(100, N + 2)
 * (both in Watanabe 2023, arXiv:2304.11127, "Bandwidth Selection").
 */
export const bandwidthOfRange: Bandwidth = (coordinates, dimensions) => {
  const { count } = spreadOf(coordinates);
  return Math.max(0.2 * rate(count, dimensions), least(count));
};

/**
 * b = 0.7 s N^(-1 / (D + 4)), Scott's rule with the standard deviation s of the observations, so that kernels narrow
 * as good trials gather; never wider than those of a whole range (s = 0.29 gives 1/5), nor narrower than the clipping.
 * A uniform pseudo-observation counts too, lest a parameter that few trials have is settled by chance.
 */
export const bandwidthOfSpread: Bandwidth = (coordinates, dimensions) => {
  const { count, deviation } = spreadOf(coordinates);
  return Math.max(Math.min(0.7 * deviation, 0.2) * rate(count, dimensions), least(count));
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
