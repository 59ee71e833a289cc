import { normalMass } from '../samplers/tpe/normal-mass.ts';

/**
 * The probability that groups differ as much in rank, if they are all alike (Kruskal and Wallis 1952, with the correction
 * for ties). `groups[i]` is the group of `order[i]`, or -1 to leave it out; `order` ascends by `keys`, equal keys are ties.
 * Null where nothing can be told: fewer than two groups, or all keys equal.
 */
export function kruskalWallis(
  order: Int32Array,
  keys: Float64Array,
  groups: Int32Array,
  groupCount: number,
): number | null {
  const counts = new Float64Array(groupCount);
  const rankSums = new Float64Array(groupCount);
  let n = 0;
  let ties = 0;
  for (let start = 0; start < order.length; ) {
    const key = keys[order[start]!]!;
    let equal = 0;
    let end = start;
    for (; end < order.length && keys[order[end]!] === key; end++) if (groups[order[end]!]! >= 0) equal++;
    const rank = n + (equal + 1) / 2;
    for (; start < end; start++) {
      const group = groups[order[start]!]!;
      if (group < 0) continue;
      counts[group]!++;
      rankSums[group]! += rank;
    }
    n += equal;
    ties += equal ** 3 - equal;
  }
  const used = counts.filter((count) => count > 0).length;
  const correction = 1 - ties / (n ** 3 - n);
  if (used < 2 || !(correction > 0)) return null;
  let sum = 0;
  for (let j = 0; j < groupCount; j++) if (counts[j]! > 0) sum += rankSums[j]! ** 2 / counts[j]!;
  const h = ((12 / (n * (n + 1))) * sum - 3 * (n + 1)) / correction;
  return chiSquareTail(h, used - 1);
}

/** P(X > x) for chi-square, by Wilson and Hilferty 1931; off by less than 0.01. */
export function chiSquareTail(x: number, degrees: number): number {
  if (x <= 0) return 1;
  const spread = 2 / (9 * degrees);
  return normalMass((Math.cbrt(x / degrees) - (1 - spread)) / Math.sqrt(spread), Number.POSITIVE_INFINITY);
}
