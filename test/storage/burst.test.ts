import { expect, test } from 'vitest';
import { Burst } from '../../src/storage/burst.ts';

/** Looks once a second. @param shares how much of each second the store stored */
function looks(burst: Burst, shares: readonly number[]): boolean[] {
  let storingMs = 0;
  return shares.map((share, i) => {
    storingMs += share * 1000;
    return burst.goesFirst((i + 1) * 1000, storingMs);
  });
}

test('a burst goes first while the store is busy for half of the time or more, from the first look on', () => {
  expect(looks(new Burst(60_000, 0, 0), [0, 0.49, 0.5, 1, 0.1, 0.9])).toEqual([
    false,
    false,
    true,
    true,
    false,
    true,
  ]);
});

test('a burst that does not end goes first for a while, and the next one again', () => {
  const shares = [1, 1, 1, 1, 1, 0.2, 1];
  expect(looks(new Burst(3000, 0, 0), shares)).toEqual([true, true, true, false, false, false, true]);
});

test('what was stored before the first look is no burst', () => {
  expect(new Burst(60_000, 5000, 4000).goesFirst(6000, 4100)).toBe(false);
});

test('two looks at once tell the same', () => {
  const burst = new Burst(60_000, 0, 0);
  expect(burst.goesFirst(1000, 0)).toBe(false);
  expect(burst.goesFirst(1000, 0)).toBe(false);
});
