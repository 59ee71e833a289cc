/**
 * The median of samples, and the bounds between which the median of what they are drawn from lies with about 95 %
 * certainty: order statistics at n/2 -+ 1.96 sqrt(n)/2, whatever the distribution (Conover, Practical Nonparametric
 * Statistics, 1999, section 3.2). Of fewer than six samples the bounds are the extremes. NaN of none.
 */
export function medianInterval(samples: readonly number[]): { median: number; low: number; high: number } {
  const sorted = [...samples].sort((a, b) => a - b);
  const n = sorted.length;
  const half = (1.96 * Math.sqrt(n)) / 2;
  const at = (rank: number) => sorted[Math.min(n, Math.max(1, rank)) - 1] ?? Number.NaN;
  return {
    median: (at(Math.ceil(n / 2)) + at(Math.floor(n / 2) + 1)) / 2,
    low: at(Math.floor(n / 2 - half)),
    high: at(Math.ceil(n / 2 + half) + 1),
  };
}
