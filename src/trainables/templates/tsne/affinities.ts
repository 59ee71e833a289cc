const searchSteps = 64;
/** As in scikit-learn. */
const tolerance = 1e-5;

/**
 * The joint probabilities p_ij of van der Maaten and Hinton (2008), n x n, whose sum is 1: each row's Gaussian is as wide
 * as gives it the perplexity (their section 2), then p_ij = (p_j|i + p_i|j) / 2n (their section 3.1).
 * @param distances squared, n x n
 * @param perplexity below n
 */
export function affinities(distances: Float32Array, n: number, perplexity: number): Float32Array {
  const conditional = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = distances.subarray(i * n, (i + 1) * n);
    fillRow(conditional.subarray(i * n, (i + 1) * n), row, i, Math.log(perplexity));
  }
  const joint = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i !== j) joint[i * n + j] = (conditional[i * n + j]! + conditional[j * n + i]!) / (2 * n);
    }
  }
  return joint;
}

/** Bisects beta = 1 / 2 sigma^2 until the entropy of p is `entropy`, in nats. */
function fillRow(p: Float64Array, distances: Float32Array, self: number, entropy: number): void {
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0; j < p.length; j++) if (j !== self) least = Math.min(least, distances[j]!);
  let [low, high, beta] = [0, Number.POSITIVE_INFINITY, 1];
  for (let step = 0; step < searchSteps; step++) {
    let sum = 0;
    let weighted = 0;
    for (let j = 0; j < p.length; j++) {
      // Relative to the nearest: the common factor cancels, and no row is all zeros.
      const far = distances[j]! - least;
      const weight = j === self ? 0 : Math.exp(-beta * far);
      p[j] = weight;
      sum += weight;
      weighted += weight * far;
    }
    for (let j = 0; j < p.length; j++) p[j]! /= sum;
    // H = log(sum) + beta E[far]
    const difference = Math.log(sum) + (beta * weighted) / sum - entropy;
    if (Math.abs(difference) < tolerance) return;
    if (difference > 0) low = beta;
    else high = beta;
    beta = high === Number.POSITIVE_INFINITY ? beta * 2 : (low + high) / 2;
  }
}
