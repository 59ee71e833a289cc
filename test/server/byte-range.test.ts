import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFreshFor, readRange } from '../../src/server/byte-range.ts';

const etag = '"abc"';

test.each([
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=2-5', { start: 2, end: 5 }],
  ['bytes=5-', { start: 5, end: 9 }],
  ['bytes=5-99', { start: 5, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-30', { start: 0, end: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-2', 'whole'],
  ['bytes=0-1,3-4', 'whole'],
  ['pages=1-2', 'whole'],
  ['bytes=a-b', 'whole'],
] as const)('of 10 bytes, %s is %j', (range, expected) => {
  expect(readRange({ range }, 10, etag)).toEqual(expected);
});

test('nothing can be satisfied of an empty file', () => {
  for (const range of ['bytes=0-0', 'bytes=0-', 'bytes=-1']) {
    expect(readRange({ range }, 0, etag)).toBe('unsatisfiable');
  }
});

test('a range counts only for the version that it was asked of', () => {
  const range = 'bytes=0-1';
  expect(readRange({ range, 'if-range': etag }, 10, etag)).toEqual({ start: 0, end: 1 });
  expect(readRange({ range, 'if-range': '"old"' }, 10, etag)).toBe('whole');
});

test('whatever is asked for, a range lies within the file', () => {
  const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,3}-\d{0,3}$/));
  fc.assert(
    fc.property(header, fc.nat(200), (range, size) => {
      const found = readRange({ range }, size, etag);
      if (typeof found === 'string') return;
      expect(found.start).toBeGreaterThanOrEqual(0);
      expect(found.start).toBeLessThanOrEqual(found.end);
      expect(found.end).toBeLessThan(size);
    }),
  );
});

test('If-None-Match knows lists, weak tags and the star', () => {
  for (const value of [etag, `"x", ${etag}`, `W/${etag}`, '*']) expect(isFreshFor(value, etag)).toBe(true);
  for (const value of [undefined, '"x"', 'abc']) expect(isFreshFor(value, etag)).toBe(false);
});
