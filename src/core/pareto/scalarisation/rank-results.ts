import type { Result } from '../front.ts';
import { least } from '../least.ts';
import { LossBounds } from '../loss-bounds.ts';
import type { StudyResults } from '../study-results.ts';
import type { Scalarisation, Score } from './scalarisation.ts';

export interface RankedResult extends Score {
  readonly result: Result;
}

/** The `first` best results by a scalarisation, best first; ties by number. No trial needs to run for it. */
export function rankResults(
  { all, front }: StudyResults,
  scalarisation: Scalarisation,
  first: number,
): RankedResult[] {
  const bounds = LossBounds.of(front.map(({ losses }) => losses));
  const ranked = all.map((result) => ({ result, ...scalarisation.score(result.losses, bounds) }));
  return least(ranked, first, compare);
}

function compare(a: RankedResult, b: RankedResult): number {
  if (a.violation !== b.violation) return a.violation < b.violation ? -1 : 1;
  if (a.loss !== b.loss) return a.loss < b.loss ? -1 : 1;
  return a.result.number - b.result.number;
}
