import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeColumn, decodePairs, encodeColumn, encodePairs } from '../../src/storage/column-codec.ts';

const int32 = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer());
const time = fc.oneof(
  fc.integer({ min: 1.8e12, max: 1.8e12 + 3 }),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 50, -(2 ** 50)),
);

test('gives back every bit of a column, whatever its form', () => {
  fc.assert(
    fc.property(fc.array(int32), fc.array(time), (steps, times) => {
      expectSameBits(Int32Array.from(steps));
      expectSameBits(Float64Array.from(times));
    }),
  );
});

test('takes a few bytes for regular columns, and little more for times that jitter', () => {
  const steps = Int32Array.from({ length: 1000 }, (_, i) => 10 * i);
  expect(encodeColumn(steps).length).toBeLessThan(8);
  const regular = Float64Array.from(steps, (step) => 1.8e12 + step);
  expect(encodeColumn(regular).length).toBeLessThan(16);
  const jitter = Float64Array.from(steps, (step) => 1.8e12 + step * 5 + ((step * 7919) % 13));
  expect(encodeColumn(jitter).length).toBeLessThan(1100);
});

test('is never larger than the column and its first byte', () => {
  fc.assert(
    fc.property(fc.array(int32), (steps) => {
      expect(encodeColumn(Int32Array.from(steps)).length).toBeLessThanOrEqual(1 + 4 * steps.length);
    }),
  );
});

test('gives back pairs of numbers', () => {
  const number = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 2 ** 31 - 1 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number)), (pairs) => {
      expect(decodePairs(encodePairs(pairs))).toEqual(pairs);
    }),
  );
});

function expectSameBits(column: Int32Array | Float64Array): void {
  // Into the middle of a longer column, whose other places must stay as they are.
  const target =
    column instanceof Int32Array ? new Int32Array(column.length + 2) : new Float64Array(column.length + 2);
  decodeColumn(encodeColumn(column), target, 1, column.length);
  const bytes = (array: Int32Array | Float64Array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  expect(bytes(target.subarray(1, -1)).equals(bytes(column))).toBe(true);
  expect([target[0], target.at(-1)]).toEqual([0, 0]);
}
