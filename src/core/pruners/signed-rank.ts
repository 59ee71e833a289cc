import { upperTail } from '../samplers/tpe/normal-mass.ts';

/** Above it the normal distribution stands for the exact one; SciPy changes over there too. */
const maxExact = 50;

/**
 * The p-value of Wilcoxon's signed-rank test (Wilcoxon 1945) of paired differences: how likely so large a sum of the
 * ranks of the positive ones is where both signs are equally likely. Tied magnitudes share their mean rank. Zeros take
 * the lowest ranks, half of them for each sign, which cancels out ("zsplit"). Up to 50 differences that are not zero
 * the distribution over all signs is counted out, ties included; above, it is the normal one with the variance of the
 * ranks that are there. 1 where all are zero; NaN is not allowed.
 */
export function signedRankPValue(differences: readonly number[]): number {
  const sorted = [...differences].sort((a, b) => Math.abs(a) - Math.abs(b));
  // Doubled, so that mean ranks are whole numbers.
  const ranks: number[] = [];
  let positive = 0;
  for (let start = 0; start < sorted.length; ) {
    const magnitude = Math.abs(sorted[start]!);
    let end = start;
    while (end < sorted.length && Math.abs(sorted[end]!) === magnitude) end++;
    const rank = start + 1 + end;
    if (magnitude > 0) {
      for (let i = start; i < end; i++) {
        ranks.push(rank);
        if (sorted[i]! > 0) positive += rank;
      }
    }
    start = end;
  }
  return ranks.length <= maxExact ? exactTail(ranks, positive) : normalTail(ranks, positive);
}

/** P(S >= sum), where every rank is part of S with probability 1/2: the number of subsets by their sum. */
function exactTail(ranks: readonly number[], sum: number): number {
  const total = ranks.reduce((a, b) => a + b, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let s = reached; s >= 0; s--) {
      probability[s] = (probability[s]! + (s >= rank ? probability[s - rank]! : 0)) / 2;
    }
  }
  return Math.min(
    1,
    probability.subarray(sum).reduce((a, b) => a + b, 0),
  );
}

function normalTail(ranks: readonly number[], sum: number): number {
  let mean = 0;
  let variance = 0;
  for (const rank of ranks) {
    mean += rank / 2;
    variance += (rank * rank) / 4;
  }
  const z = (sum - mean) / Math.sqrt(variance);
  return z >= 0 ? upperTail(z) : 1 - upperTail(-z);
}
