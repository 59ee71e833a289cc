import { type Aftermath, groupBy } from '../aftermath.ts';
import { attemptOf } from '../reported-values.ts';

/** No attempt wrote a point after a later one had: in the order of the commits, attempts never go back. */
export function staleWrites({ studies }: Aftermath): string[] {
  return studies.flatMap(({ round, written }) => {
    const isInside = round.input.trainable !== undefined;
    // Attempts inside the server do not know their number, but when they started.
    const name = isInside ? 'startedAt' : 'loss';
    const rank = isInside ? (value: number) => value : attemptOf;
    const byTrial = groupBy(
      written.filter((point) => point.name === name),
      ({ trial }) => trial,
    );
    return [...byTrial].flatMap(([trial, points]) => {
      const back = points.find(({ value }, i) => i > 0 && rank(value) < rank(points[i - 1]!.value));
      return back === undefined
        ? []
        : [`${trial}: a stale attempt wrote step ${back.step} (${rank(back.value)})`];
    });
  });
}
