/**
 * The two-sided p-value of the Wilcoxon signed-rank test that paired differences are centred on 0 (Wilcoxon 1945).
 * Zeros are ranked and then left out (Pratt 1959), so that they speak for no difference; equal sizes share their mean
 * rank. Without zeros and ties, and for up to 50 pairs, the p-value is exact; otherwise it is the normal approximation
 * with the variance corrected for both. 1 where nothing differs; NaN is an error of the caller.
 */
export function wilcoxonSignedRank(differences: readonly number[]): number {
  if (differences.some(Number.isNaN)) throw new RangeError('A difference is NaN.');
  const ordered = differences.toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const zeros = ordered.filter((difference) => difference === 0).length;
  if (zeros === ordered.length) return 1;
  let positive = 0;
  let negative = 0;
  let ties = 0;
  for (let from = 0; from < ordered.length; ) {
    let to = from + 1;
    while (to < ordered.length && Math.abs(ordered[to]!) === Math.abs(ordered[from]!)) to++;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) {
      if (ordered[i]! > 0) positive += rank;
      else if (ordered[i]! < 0) negative += rank;
    }
    const size = to - from;
    if (ordered[from] !== 0) ties += size ** 3 - size;
    from = to;
  }
  const least = Math.min(positive, negative);
  if (zeros === 0 && ties === 0 && ordered.length <= 50) return exactP(ordered.length, least);
  const n = ordered.length;
  const mean = (positive + negative) / 2;
  const squares = (count: number): number => count * (count + 1) * (2 * count + 1);
  // Of sum r_i^2 / 4 over what is not zero; a tie of t loses (t^3 - t) / 12 of its squares.
  const variance = (squares(n) - squares(zeros)) / 24 - ties / 48;
  return Math.min(1, 2 * lowerTail((least - mean) / Math.sqrt(variance)));
}

/** P(T <= statistic) doubled, where T sums a random subset of 1..n: counted by dynamic programming over the subsets. */
function exactP(n: number, statistic: number): number {
  const counts = new Float64Array(statistic + 1);
  counts[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = statistic; sum >= rank; sum--) counts[sum]! += counts[sum - rank]!;
  }
  return Math.min(1, (2 * counts.reduce((sum, count) => sum + count, 0)) / 2 ** n);
}

/** P(Z <= z) of a standard normal for z <= 0: the continued fraction of Abramowitz and Stegun 26.2.14, or 26.2.10's series. */
function lowerTail(z: number): number {
  const x = -z;
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  if (x > 3) {
    let fraction = x;
    for (let k = 60; k >= 1; k--) fraction = x + k / fraction;
    return density / fraction;
  }
  let term = x;
  let sum = x;
  for (let k = 1; k < 60; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}
