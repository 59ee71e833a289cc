import type { Params, SearchSpaceInput } from '../../src/core/search-space/space.ts';
import type { Constraint, Objective } from '../../src/core/study.ts';

/** A problem to measure samplers on. Every seed makes another instance of it. */
export interface QualityProblem {
  readonly name: string;
  readonly family: Family;
  /** Whether it is in the half that nobody looks at while tuning a sampler. */
  readonly heldBack: boolean;
  readonly searchSpace: SearchSpaceInput;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
  instance(seed: number): Instance;
}

export type Values = Readonly<Record<string, number>>;

export interface Instance {
  evaluate(params: Params): Values;
  /** How far the best of the trials so far is from the best there is: 0 at the optimum, about 1 for a poor trial. */
  regret(told: readonly Values[]): number;
}

export const families = ['tables', 'bbob', 'bbob-mixint', 'multi-objective', 'conditional'] as const;
export type Family = (typeof families)[number];

export const minimizeLoss: readonly Objective[] = [{ metric: 'loss', direction: 'MINIMIZE' }];

/** Normalised regret of one objective that is to be made small: (least - optimum) / (median - optimum). */
export function lossRegret(told: readonly Values[], optimum: number, median: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { loss } of told) least = Math.min(least, loss!);
  return (least - optimum) / (median - optimum);
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}
