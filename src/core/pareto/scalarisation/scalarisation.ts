import type { Constraint } from '../../study.ts';
import type { LossBounds } from '../loss-bounds.ts';
import type { Losses } from '../losses.ts';

/** How good a result is by one number: first by the violation, then by the loss, both to be small. */
export interface Score {
  readonly loss: number;
  /** By how much it breaks the bounds that the scalarisation sets; 0 where it keeps them. */
  readonly violation: number;
}

/** Makes one objective of several. */
export interface Scalarisation {
  /** The bounds that it sets on objectives, as constraints. */
  readonly constraints: readonly Constraint[];
  /** `front` are the bounds of the study's front. Losses are not NaN. */
  score(losses: Losses, front: LossBounds): Score;
}

/** The distance between the ideal point (the best of the front in each loss) and the nadir point (the worst); 1 for none. */
export function rangeOf({ least, greatest }: LossBounds, k: number): number {
  const range = greatest[k]! - least[k]!;
  return Number.isFinite(range) && range > 0 ? range : 1;
}

/** The best loss of the front; 0 while there is none that is finite. */
export function idealOf({ least }: LossBounds, k: number): number {
  return Number.isFinite(least[k]!) ? least[k]! : 0;
}
