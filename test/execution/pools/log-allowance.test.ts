import { expect, test } from 'vitest';
import { LogAllowance } from '../../../src/execution/pools/log-allowance.ts';

test('what a trial usually logs is logged as it is', () => {
  const allowance = new LogAllowance();
  for (let second = 0; second < 100; second++) {
    expect(allowance.admit(`line ${second}`, 1000 * second)).toEqual([`line ${second}`]);
  }
  expect(allowance.end()).toEqual([]);
});

test('what comes too fast is left out and counted, and the next second is another one', () => {
  const allowance = new LogAllowance();
  const admitted = Array.from({ length: 1_000_000 }, (_, i) => allowance.admit(`line ${i}`, i / 1e6)).flat();
  expect(admitted).toHaveLength(10_000);
  expect(allowance.end()).toEqual(['... 990000 more, faster than they can be stored']);
  expect(allowance.admit('later', 1000)).toEqual([
    '... 990000 more, faster than they can be stored',
    'later',
  ]);
  expect(allowance.end()).toEqual([]);
});

test('of a text that is very long the beginning is logged', () => {
  const [text] = new LogAllowance().admit('x'.repeat(250_000), 0);
  expect(text).toBe(`${'x'.repeat(100_000)} ... 150000 more characters are not kept.`);
});

test('of a log that goes on for ever 16 MiB are kept, and it says so once', () => {
  const allowance = new LogAllowance();
  const admitted = Array.from({ length: 1000 }, (_, i) => allowance.admit('x'.repeat(100_000), i)).flat();
  expect(admitted).toHaveLength(168);
  expect(admitted.at(-1)).toBe('... more than 16 MiB: the rest of this log is not kept.');
  expect(admitted.filter((text) => text.startsWith('...'))).toHaveLength(1);
});
