import type { Direction } from '../../../client/index.ts';
import type { TrialTable } from './trial-table.ts';

/** Where the best value of a metric changed, by trial number; trials without results do not count, nor does NaN. */
export interface BestSoFar {
  readonly numbers: readonly number[];
  readonly values: readonly number[];
}

/** The best values in the order of the trials' numbers; of equal ones the first stays. */
export function bestSoFar(table: TrialTable, metric: string, direction: Direction): BestSoFar {
  const column = table.value(metric);
  const numbers: number[] = [];
  const values: number[] = [];
  const sign = direction === 'MINIMIZE' ? 1 : -1;
  let best = Number.POSITIVE_INFINITY;
  for (let number = 0; number < table.size; number++) {
    const loss = sign * column[number]!;
    if (!(loss < best) || !table.isResult(number)) continue;
    best = loss;
    numbers.push(number);
    values.push(column[number]!);
  }
  return { numbers, values };
}
