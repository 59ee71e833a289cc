import type { Losses } from './losses.ts';

/**
 * Where the hypervolume of a study is measured from: the worst finite loss in each objective, and beyond it a tenth
 * of the range, so that the worst points count too. It moves when a worse trial comes, and the hypervolume with it.
 */
export function referencePoint(observed: readonly Losses[]): Losses {
  const objectives = observed[0]?.length ?? 0;
  return Array.from({ length: objectives }, (_, k) => {
    let best = Number.POSITIVE_INFINITY;
    let worst = Number.NEGATIVE_INFINITY;
    for (const losses of observed) {
      if (!Number.isFinite(losses[k])) continue;
      best = Math.min(best, losses[k]!);
      worst = Math.max(worst, losses[k]!);
    }
    if (worst < best) return 0;
    const range = worst - best || Math.abs(worst) || 1;
    return worst + range / 10;
  });
}
