import { type Aftermath, groupBy, type WrittenPoint } from '../aftermath.ts';
import { entriesOf } from '../ledger.ts';
import { attemptOf, oddValue, workerLoss } from '../reported-values.ts';

/** Points of which a worker was told that they are stored, and that are not, or more than once. */
export function lostPoints(aftermath: Aftermath): string[] {
  const losses = groupBy(writtenByWorkers(aftermath, 'loss'), keyOf);
  return entriesOf(aftermath.entries, 'reported').flatMap(({ trial, attempt, step }) => {
    const expected = workerLoss(trial, attempt, step);
    const stored = (losses.get(keyOf({ trial, step })) ?? []).filter(({ value }) =>
      Object.is(value, expected),
    );
    return stored.length === 1
      ? []
      : [`${trial} attempt ${attempt} step ${step}: acknowledged, and stored ${stored.length} times`];
  });
}

/** Points that are stored, and that no worker has reported so, bit for bit. */
export function forgedPoints(aftermath: Aftermath): string[] {
  const begun = new Set(
    entriesOf(aftermath.entries, 'reporting').map(({ trial, attempt, step }) =>
      workerLoss(trial, attempt, step),
    ),
  );
  const losses = writtenByWorkers(aftermath, 'loss');
  const lastLoss = new Map(losses.map((point) => [keyOf(point), point.value]));
  const lastOdd = new Map(writtenByWorkers(aftermath, 'odd').map((point) => [keyOf(point), point]));
  return [
    ...losses
      .filter(({ value }) => !begun.has(value))
      .map((point) => `${keyOf(point)}: the loss ${point.value} is stored, and nobody reported it`),
    // Both metrics of a step come together, so the last values of both are of one attempt.
    ...[...lastOdd]
      .filter(([key, { step, value }]) => !Object.is(value, oddValue(attemptOf(lastLoss.get(key)!), step)))
      .map(([key, { value }]) => `${key}: ${value} is stored, which is not what its attempt reported`),
  ];
}

/** In the order of their commits. */
function writtenByWorkers({ studies }: Aftermath, name: string): WrittenPoint[] {
  return studies
    .filter(({ round }) => round.input.trainable === undefined)
    .flatMap(({ written }) => written.filter((point) => point.name === name));
}

function keyOf({ trial, step }: Pick<WrittenPoint, 'trial' | 'step'>): string {
  return `${trial} step ${step}`;
}
