import type { Objective } from '../study.ts';

/** One number an objective, in their order, all to be made small. */
export type Losses = readonly number[];

/** Values as losses: those to be maximised change sign. Null where an objective's value is missing or NaN. */
export function lossesOf(
  objectives: readonly Objective[],
  values: Readonly<Record<string, number>> | null,
): Losses | null {
  if (values === null) return null;
  const losses: number[] = [];
  for (const { metric, direction } of objectives) {
    const value = Object.hasOwn(values, metric) ? values[metric]! : Number.NaN;
    if (Number.isNaN(value)) return null;
    losses.push(direction === 'MINIMIZE' ? value : -value);
  }
  return losses;
}
