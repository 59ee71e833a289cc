import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../src/trainables/checkpoint.ts';

const values = fc.oneof(
  fc.array(fc.float(), { maxLength: 9 }).map((numbers) => Float32Array.from(numbers)),
  fc.array(fc.integer(), { maxLength: 9 }).map((numbers) => Int32Array.from(numbers)),
);
const checkpoint: fc.Arbitrary<Checkpoint> = fc.record({
  step: fc.nat(),
  state: fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    fc.oneof(fc.integer(), fc.string(), fc.boolean()),
    {
      noNullPrototype: true,
    },
  ),
  tensors: fc.dictionary(
    fc.string().filter((key) => key !== '__proto__' && key !== '__metadata__'),
    values.map((column) => ({ shape: [column.length], values: column })),
    { noNullPrototype: true },
  ),
});

test('a checkpoint that is written and read is the same to the last bit, NaN and -0 among them', () => {
  fc.assert(
    fc.property(checkpoint, fc.nat({ max: 7 }), (written, offset) => {
      const bytes = encodeCheckpoint(written);
      // As it may come: somewhere in a larger buffer.
      const moved = new Uint8Array(bytes.length + offset);
      moved.set(bytes, offset);
      const read = decodeCheckpoint(moved.subarray(offset));
      expect(read).toEqual(written);
      expect(Object.keys(read.tensors)).toEqual(Object.keys(written.tensors));
    }),
  );
});

test('bytes that are no whole checkpoint are refused with what is wrong', () => {
  const bytes = encodeCheckpoint({
    step: 3,
    state: {},
    tensors: { weights: { shape: [2], values: Float32Array.of(1, 2) } },
  });
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeCheckpoint(bytes.subarray(0, length))).toThrow(/^The checkpoint cannot be read: it /);
  }
  expect(() => decodeCheckpoint(new Uint8Array(100).fill(255))).toThrow(/ends in its header/);
  expect(() => decodeCheckpoint(new TextEncoder().encode('\0\0\0\0\0\0\0\0'))).toThrow(/no JSON object/);
});
