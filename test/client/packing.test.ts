import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const platforms = [
  { platform: 'Node', prepare: () => {} },
  { platform: 'a browser without Buffer', prepare: () => vi.stubGlobal('Buffer', undefined) },
];

it.each(platforms)(
  'every float64 survives packing on $platform, NaN and infinities too',
  async ({ prepare }) => {
    prepare();
    const { packFloat64s, unpackFloat64s } = await import('../../src/client/packing.ts');
    const special = fc.constantFrom(
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -0,
      5e-324,
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), special)), (numbers) => {
        expect([...unpackFloat64s(packFloat64s(numbers))]).toEqual(numbers);
      }),
    );
    const many = Array.from({ length: 100_000 }, (_, i) => i / 7);
    expect([...unpackFloat64s(packFloat64s(many))]).toEqual(many);
  },
);

it.each(platforms)('every int32 survives packing on $platform', async ({ prepare }) => {
  prepare();
  const { packInt32s, unpackInt32s } = await import('../../src/client/packing.ts');
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      expect([...unpackInt32s(packInt32s(numbers))]).toEqual(numbers);
    }),
  );
});

it('packed numbers are little-endian base64', async () => {
  const { packFloat64s, packInt32s } = await import('../../src/client/packing.ts');
  expect(Buffer.from(packInt32s([1, -2]), 'base64').toString('hex')).toBe('01000000feffffff');
  expect(Buffer.from(packFloat64s([0.5]), 'base64').readDoubleLE()).toBe(0.5);
});
