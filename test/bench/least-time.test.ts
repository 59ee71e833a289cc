import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastMilliseconds, type Occupant } from '../../bench/packing/least-time.ts';

const capacity = 10;
const slots = 3;

/** The end of the last trial when each starts as early as it can, in a given order. */
function listSchedule(trials: readonly Occupant[]): number {
  const placed: { start: number; end: number; mebibytes: number }[] = [];
  const fits = (start: number, trial: Occupant): boolean => {
    const moments = [
      start,
      ...placed.map((one) => one.start).filter((t) => t > start && t < start + trial.milliseconds),
    ];
    return moments.every((t) => {
      const at = placed.filter((one) => one.start <= t && t < one.end);
      return (
        at.length < slots && at.reduce((sum, one) => sum + one.mebibytes, 0) + trial.mebibytes <= capacity
      );
    });
  };
  for (const trial of trials) {
    const starts = [0, ...placed.map(({ end }) => end)].sort((a, b) => a - b);
    const start = starts.find((t) => fits(t, trial))!;
    placed.push({ start, end: start + trial.milliseconds, mebibytes: trial.mebibytes });
  }
  return Math.max(0, ...placed.map(({ end }) => end));
}

function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => orders(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));
}

const trials = fc.array(
  fc.record({
    mebibytes: fc.integer({ min: 1, max: capacity }),
    milliseconds: fc.integer({ min: 1, max: 20 }),
  }),
  { maxLength: 5 },
);

test('no order of the trials ends before the least time', () => {
  fc.assert(
    fc.property(trials, (all) => {
      // Some order, each trial as early as it can, is an optimum.
      const best = Math.min(...orders(all).map(listSchedule));
      expect(leastMilliseconds(all, capacity, slots)).toBeLessThanOrEqual(best + 1e-6);
    }),
    { numRuns: 50 },
  );
});

test('trials of more than half the device run one after another', () => {
  const large = Array.from({ length: 4 }, () => ({ mebibytes: 6, milliseconds: 5 }));
  expect(leastMilliseconds(large, capacity, slots)).toBe(20);
});
