/**
 * The width of the kernels of one parameter on its unit axis: b = 0.7 s N^(-1 / (D + 4)), Scott's rule with the standard
 * deviation s of the N observations and the number D of parameters, so that kernels narrow as trials gather.
 *
 * - Never wider than 1/5 N^(-1 / (D + 4)), Scott's rule as Optuna scales it for a whole range.
 * - A uniform pseudo-observation counts in s, lest a parameter that few trials have is settled by chance.
 * - Not below 1 / min(100, N + 4), for few observations must not make narrow kernels. ("Magic clipping" in Watanabe 2023,
 *   arXiv:2304.11127, with N + 2.)
 * - Not below half a cell, so that a kernel always reaches the next one.
 *
 * @param coordinates NaN where an observation lacks the parameter
 * @param cells how many values the parameter has
 */
export function bandwidth(coordinates: Float64Array, dimensions: number, cells: number): number {
  const { count, deviation } = spreadOf(coordinates);
  const scott = Math.min(0.7 * deviation, 0.2) * Math.max(count, 1) ** (-1 / (dimensions + 4));
  return Math.max(scott, 1 / Math.min(100, count + 4), 0.5 / cells);
}

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
