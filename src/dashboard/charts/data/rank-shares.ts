import type { Direction } from '../../../client/index.ts';
import type { TrialTable } from './trial-table.ts';

/**
 * How good each result is among all: 0 for the best to 1 for the worst, by rank, so that outliers do not press the others
 * together. Equal values share the mean of their ranks; trials without a result have NaN.
 */
export function rankShares(table: TrialTable, metric: string, direction: Direction): Float64Array {
  const values = table.value(metric);
  const sign = direction === 'MINIMIZE' ? 1 : -1;
  const ranked = resultsOf(table, metric).sort((a, b) => sign * (values[a]! - values[b]!) || a - b);
  const shares = new Float64Array(table.size).fill(Number.NaN);
  for (let start = 0; start < ranked.length; ) {
    let end = start + 1;
    while (end < ranked.length && values[ranked[end]!] === values[ranked[start]!]) end++;
    const share = ranked.length === 1 ? 0 : (start + end - 1) / 2 / (ranked.length - 1);
    for (let i = start; i < end; i++) shares[ranked[i]!] = share;
    start = end;
  }
  return shares;
}

/** The numbers of the trials that have a result in this metric, ascending. */
export function resultsOf(table: TrialTable, metric: string): number[] {
  const values = table.value(metric);
  const numbers: number[] = [];
  for (let number = 0; number < table.size; number++) {
    if (table.isResult(number) && Number.isFinite(values[number]!)) numbers.push(number);
  }
  return numbers;
}

/**
 * At most `count` of these trials: the best half of them by share, and of the others every n-th, so that they stand for
 * all. Ascending.
 */
export function sampleOf(
  numbers: readonly number[],
  shares: ArrayLike<number>,
  count: number,
): readonly number[] {
  if (numbers.length <= count) return numbers;
  const byShare = numbers.toSorted((a, b) => shares[a]! - shares[b]! || a - b);
  const bestCount = Math.floor(count / 2);
  const others = byShare.slice(bestCount).sort((a, b) => a - b);
  const kept = Array.from(
    { length: count - bestCount },
    (_, i) => others[Math.floor((i * others.length) / (count - bestCount))]!,
  );
  return [...byShare.slice(0, bestCount), ...kept].sort((a, b) => a - b);
}
