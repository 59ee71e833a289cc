import type { ParameterColumn } from '../importance/parameter-column.ts';
import type { ParameterImportance } from '../importance/parameter-importances.ts';
import type { Evidence } from './evidence.ts';
import { kruskalWallis } from './kruskal-wallis.ts';
import { showCount } from './phrases.ts';

/** A parameter whose value never made a difference by itself. */
export interface IdleParameter {
  readonly parameter: string;
  readonly importance: number;
  /** How many trials had it. */
  readonly trials: number;
  readonly pValue: number;
  readonly sentence: string;
}

/** With fewer trials a real effect could stay unseen: with 60, one of a tenth of the differences would mostly show. */
const enoughTrials = 60;
const maxGroups = 8;
const leastGroup = 10;
/** Above the usual 0.05: the faintest sign keeps a parameter off this list. */
const noSign = 0.1;

/**
 * The parameters that never mattered: over at least 60 trials that had one, those with its different values did equally
 * well (Kruskal-Wallis over up to eight groups of values, p >= 0.1), and its importance is below an equal share.
 * Trials that were pruned, infeasible or without a number count as the worst. What matters only together with another
 * parameter is not seen.
 */
export function idleParameters(
  { columns, order }: Evidence,
  importances: readonly ParameterImportance[],
): IdleParameter[] {
  const ascending = Int32Array.from(order.keys, (_, i) => i).sort((a, b) => {
    const difference = order.keys[a]! - order.keys[b]!;
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
  });
  const importanceOf = new Map(importances.map(({ parameter, importance }) => [parameter, importance]));
  const idle: IdleParameter[] = [];
  for (const column of columns) {
    const { name } = column.parameter;
    const importance = importanceOf.get(name)!;
    const trials = column.slots.reduce((count, slot) => (slot < 0 ? count : count + 1), 0);
    if (trials < enoughTrials || importance > 1 / columns.length) continue;
    const { groups, groupCount } = groupsOf(column, trials);
    const pValue = kruskalWallis(ascending, order.keys, groups, groupCount);
    if (pValue === null || pValue < noSign) continue;
    const sentence =
      `\`${name}\` never mattered: in ${showCount(trials, 'trial')} its values did equally well ` +
      `(p = ${pValue.toFixed(2)}).`;
    idle.push({ parameter: name, importance, trials, pValue, sentence });
  }
  return idle.sort((a, b) => b.pValue - a.pValue);
}

/** Neighbouring slots together, or choices by themselves and the rare ones together: each of about ten trials or more. */
function groupsOf({ slots, edges, isOrdered }: ParameterColumn, trials: number) {
  const counts = new Int32Array(edges.length - 1);
  for (const slot of slots) if (slot >= 0) counts[slot]!++;
  const size = Math.max(leastGroup, trials / maxGroups);
  const groupOf = new Int32Array(counts.length);
  let group = 0;
  let filled = 0;
  counts.forEach((count, k) => {
    if (!isOrdered) {
      // Group 0 is for rare choices.
      groupOf[k] = count < leastGroup ? 0 : ++group;
      return;
    }
    groupOf[k] = group;
    filled += count;
    if (filled < size) return;
    group++;
    filled = 0;
  });
  return { groups: slots.map((slot) => (slot < 0 ? -1 : groupOf[slot]!)), groupCount: group + 1 };
}
