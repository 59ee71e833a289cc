import { lossesOf } from '../pareto/losses.ts';
import { nonDominatedRanks } from '../pareto/non-dominated-ranks.ts';
import type { Objective } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';

/**
 * What was observed, from good to bad: `keys[i]` belongs to `trials[i]`, less is better and equal is equally good.
 * For one objective the key is its loss, for several the non-domination rank (0 is the front). Trials that were pruned,
 * broke a constraint or have no number (NaN) tell where nothing good is: their key is infinite, and they are never good.
 */
export interface TrialOrder {
  readonly trials: readonly TrialView[];
  readonly keys: Float64Array;
}

/** Orders what was observed by `objectives`: all those of the study, or one of them. */
export function orderTrials({ observed }: StudyView, objectives: readonly Objective[]): TrialOrder {
  const keys = new Float64Array(observed.length).fill(Number.POSITIVE_INFINITY);
  const places: number[] = [];
  const losses: (readonly number[])[] = [];
  observed.forEach((trial, i) => {
    const result = isResult(trial) ? lossesOf(objectives, trial.values) : null;
    if (result === null) return;
    places.push(i);
    losses.push(result);
  });
  if (objectives.length === 1) for (const [j, i] of places.entries()) keys[i] = losses[j]![0]!;
  else for (const [j, rank] of nonDominatedRanks(losses).entries()) keys[places[j]!] = rank;
  return { trials: observed, keys };
}

/**
 * Which trials are among the best `share` of all, 1 for yes: at least that many, and all that equal the last of them,
 * so that the order of the history cannot matter. Fewer where fewer are good at all.
 */
export function bestShare({ keys }: TrialOrder, share: number): Uint8Array {
  const ascending = keys.toSorted();
  const cutoff = ascending[Math.ceil(share * keys.length) - 1] ?? Number.NEGATIVE_INFINITY;
  return Uint8Array.from(keys, (key) => (key <= cutoff && key < Number.POSITIVE_INFINITY ? 1 : 0));
}

/** Whether a trial ended with results that keep all constraints. */
export function isResult({ state, feasible }: TrialView): boolean {
  return state === 'COMPLETED' && feasible !== false;
}
