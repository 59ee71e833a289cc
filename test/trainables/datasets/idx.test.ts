import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIdx } from '../../../src/trainables/datasets/idx.ts';

function idx(shape: readonly number[], values: Uint8Array, type = 8): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint8(2, type);
  header.setUint8(3, shape.length);
  for (const [axis, length] of shape.entries()) header.setUint32(4 + 4 * axis, length);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...values]);
}

describe('decoding an IDX file', () => {
  it('gives back the bytes of any shape', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }), (shape) => {
        const size = shape.reduce((product, length) => product * length, 1);
        const values = Uint8Array.from({ length: size }, (_, index) => index % 256);
        expect(decodeIdx(idx(shape, values))).toEqual({ shape, values });
      }),
    );
  });

  const four = Uint8Array.of(1, 2, 3, 4);
  it.each([
    ['nothing at all', new Uint8Array(0), 'does not begin like an IDX file'],
    ['a compressed file', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0), 'does not begin like an IDX file'],
    ['floats', idx([2, 2], four, 0x0d), 'type 0xd, not bytes'],
    ['a header that is cut short', idx([2, 2], four).slice(0, 9), 'its header is cut short'],
    ['values that are cut short', idx([2, 2], four).slice(0, -1), 'announces 4 bytes, but 3 follow it'],
    [
      'more values than announced',
      idx([2, 2], Uint8Array.of(...four, 5)),
      'announces 4 bytes, but 5 follow it',
    ],
  ])('refuses %s', (_, file, message) => {
    expect(() => decodeIdx(file)).toThrow(message);
  });
});
