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
    fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean()),
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

const whole = { step: 1, state: {}, tensors: {} };
const tensor = (shape: unknown, values: unknown) => ({ ...whole, tensors: { w: { shape, values } } });

test.each([
  [
    undefined,
    'checkpoint.step: must be an integer, not undefined.\ncheckpoint.state: must be an object of JSON',
  ],
  [
    { step: 1 },
    'checkpoint.state: must be an object of JSON, {} at the least, not undefined.\ncheckpoint.tensors:',
  ],
  [{ ...whole, step: Number.NaN }, 'checkpoint.step: must be an integer, not NaN.'],
  [{ ...whole, state: [1] }, 'checkpoint.state: must be an object of JSON, {} at the least, not a list.'],
  [tensor([1], Float64Array.of(1)), 'checkpoint.tensors.w: must be { shape, values } with a Float32Array'],
  [tensor([1], [1]), 'checkpoint.tensors.w: must be { shape, values } with a Float32Array'],
  [
    tensor([2, 3], Float32Array.of(1)),
    'checkpoint.tensors.w: has 1 values, which the shape [2,3] does not have.',
  ],
  [tensor(1, Float32Array.of(1)), 'checkpoint.tensors.w: has 1 values, which the shape 1 does not have.'],
  [{ ...whole, tensors: { w: null } }, 'checkpoint.tensors.w: must be { shape, values }'],
  [{ ...whole, tensors: { __metadata__: tensor([0], new Float32Array()).tensors.w } }, 'is reserved'],
  [{ ...whole, state: { text: 'x'.repeat(16_000_000) } }, 'larger than 16 MB'],
])('what could not be read again is not written: %#', (given, words) => {
  expect(() => encodeCheckpoint(given as Checkpoint)).toThrow(words);
});
