import type * as tensorflow from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.ts';
import { expectEqual, onBoth } from './two-backends.ts';

const size = (max: number) => fc.integer({ min: 1, max });
const seed = fc.integer({ min: 0, max: 2 ** 31 });
const window = fc
  .record({
    batch: size(3),
    height: size(9),
    width: size(9),
    channels: size(4),
    filterHeight: size(4),
    filterWidth: size(4),
    strides: fc.tuple(size(3), size(3)),
    pad: fc.constantFrom('same' as const, 'valid' as const),
    seed,
  })
  .filter((c) => c.pad === 'same' || (c.height >= c.filterHeight && c.width >= c.filterWidth));
const runs = { numRuns: 60 };

function normals(shape: number[], random: ReturnType<typeof createRandom>): Float32Array {
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
}

/** A scalar that weighs every element of a result differently, so that no gradient cancels out. */
function weigh(tf: typeof tensorflow, result: tensorflow.Tensor): tensorflow.Scalar {
  return tf.sum(tf.mul(result, tf.sin(tf.range(1, result.size + 1).reshape(result.shape))));
}

function depthwiseInputs(
  tf: typeof tensorflow,
  shape: {
    batch: number;
    height: number;
    width: number;
    channels: number;
    filterHeight: number;
    filterWidth: number;
    seed: number;
  },
  multiplier: number,
): { x: tensorflow.Tensor4D; filter: tensorflow.Tensor4D } {
  const random = createRandom(shape.seed);
  const xShape = [shape.batch, shape.height, shape.width, shape.channels] as [number, number, number, number];
  const filterShape = [shape.filterHeight, shape.filterWidth, shape.channels, multiplier] as typeof xShape;
  return {
    x: tf.tensor4d(normals(xShape, random), xShape),
    filter: tf.tensor4d(normals(filterShape, random), filterShape),
  };
}

describe('the WASM backend computes what plain JavaScript does', () => {
  it('for convolutions of any shape, stride and padding', async () => {
    await fc.assert(
      fc.asyncProperty(window, size(5), async (c, outChannels) => {
        const results = await onBoth((tf) => {
          const random = createRandom(c.seed);
          const xShape = [c.batch, c.height, c.width, c.channels] as [number, number, number, number];
          const fShape = [c.filterHeight, c.filterWidth, c.channels, outChannels] as typeof xShape;
          const x = tf.tensor4d(normals(xShape, random), xShape);
          const filter = tf.tensor4d(normals(fShape, random), fShape);
          const convolve = tf.grads((a, b) =>
            weigh(tf, tf.conv2d(a as tensorflow.Tensor4D, b as tensorflow.Tensor4D, c.strides, c.pad)),
          );
          return convolve([x, filter]);
        });
        expectEqual(results);
      }),
      runs,
    );
  });

  it('for convolutions with padding given in numbers', async () => {
    const results = await onBoth((tf) => {
      const random = createRandom(7);
      const x = tf.tensor4d(normals([2, 6, 5, 2], random), [2, 6, 5, 2]);
      const filter = tf.tensor4d(normals([2, 2, 2, 3], random), [2, 2, 2, 3]);
      const pads: ([number, number][] | number)[] = [
        1,
        3,
        [
          [0, 0],
          [2, 1],
          [0, 3],
          [0, 0],
        ],
      ];
      return pads.flatMap((pad) =>
        tf.grads((a, b) =>
          weigh(
            tf,
            tf.conv2d(
              a as tensorflow.Tensor4D,
              b as tensorflow.Tensor4D,
              2,
              pad as never,
              'NHWC',
              1,
              'floor',
            ),
          ),
        )([x, filter]),
      );
    });
    expectEqual(results);
  });

  it('for depthwise convolutions', async () => {
    await fc.assert(
      fc.asyncProperty(window, size(3), async (c, multiplier) => {
        const results = await onBoth((tf) => {
          const { x, filter } = depthwiseInputs(tf, c, multiplier);
          return tf.grads((a, b) =>
            weigh(
              tf,
              tf.depthwiseConv2d(a as tensorflow.Tensor4D, b as tensorflow.Tensor4D, c.strides, c.pad),
            ),
          )([x, filter]);
        });
        expectEqual(results);
      }),
      runs,
    );
  });

  it('for dilated depthwise convolutions, which are linear in each input: <dy, y> = <dx, x> = <dw, w>', async () => {
    await fc.assert(
      fc.asyncProperty(window, size(3), fc.tuple(size(3), size(3)), async (c, multiplier, dilations) => {
        const wide = { ...c, height: c.height + 9, width: c.width + 9 };
        const { wasm } = await onBoth((tf) => {
          const { x, filter } = depthwiseInputs(tf, wide, multiplier);
          const attrs = { strides: 1, dilations, pad: c.pad, inputShape: x.shape, filterShape: filter.shape };
          const run = (kernel: string, inputs: tensorflow.NamedTensorMap): tensorflow.Tensor =>
            tf.engine().runKernel(kernel, inputs, attrs);
          const y = run('DepthwiseConv2dNative', { x, filter });
          const dy = tf.sin(tf.range(1, y.size + 1).reshape(y.shape));
          const product = (a: tensorflow.Tensor, b: tensorflow.Tensor) => tf.sum(tf.mul(a, b));
          return [
            product(dy, y),
            product(run('DepthwiseConv2dNativeBackpropInput', { dy, filter }), x),
            product(run('DepthwiseConv2dNativeBackpropFilter', { x, dy }), filter),
          ];
        });
        const [[expected], [throughInput], [throughFilter]] = wasm as [[number], [number], [number]];
        expect(throughInput).toBeCloseTo(expected, 2);
        expect(throughFilter).toBeCloseTo(expected, 2);
      }),
      runs,
    );
  });

  it('for pooling, also where several elements of a window are the greatest', async () => {
    await fc.assert(
      fc.asyncProperty(window, async (c) => {
        const shape = [c.batch, c.height, c.width, c.channels] as [number, number, number, number];
        const filterSize: [number, number] = [c.filterHeight, c.filterWidth];
        const results = await onBoth((tf) => {
          const random = createRandom(c.seed);
          const few = Float32Array.from(normals(shape, random), (value) => Math.round(value));
          const x = tf.tensor4d(few, shape);
          return [
            tf.grad((a) => weigh(tf, tf.maxPool(a as tensorflow.Tensor4D, filterSize, c.strides, c.pad)))(x),
            tf.grad((a) => weigh(tf, tf.avgPool(a as tensorflow.Tensor4D, filterSize, c.strides, c.pad)))(x),
          ];
        });
        expectEqual(results);
      }),
      runs,
    );
  });

  it('for products of matrices, transposed or not, in batches or not', async () => {
    const rows = size(7);
    await fc.assert(
      fc.asyncProperty(
        fc.record({ n: rows, k: rows, m: rows, batch: fc.integer({ min: 0, max: 3 }), seed }),
        fc.boolean(),
        fc.boolean(),
        async ({ n, k, m, batch, seed }, transposeA, transposeB) => {
          const lead = batch === 0 ? [] : [batch];
          const aShape = [...lead, ...(transposeA ? [k, n] : [n, k])];
          const bShape = [...lead, ...(transposeB ? [m, k] : [k, m])];
          const results = await onBoth((tf) => {
            const random = createRandom(seed);
            const a = tf.tensor(normals(aShape, random), aShape);
            const b = tf.tensor(normals(bShape, random), bShape);
            const product = (x: tensorflow.Tensor, y: tensorflow.Tensor) =>
              tf.matMul(x, y, transposeA, transposeB);
            return [product(a, b), ...tf.grads((x, y) => weigh(tf, product(x!, y!)))([a, b])];
          });
          expectEqual(results);
        },
      ),
      runs,
    );
  });

  it('for gathering, also of one row twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        size(6),
        size(4),
        fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
        seed,
        async (rows, width, picks, seed) => {
          const results = await onBoth((tf) => {
            const x = tf.tensor(normals([rows, width], createRandom(seed)), [rows, width]);
            const ids = tf.tensor1d(
              picks.map((pick) => pick % rows),
              'int32',
            );
            return [
              tf.grad((a) => weigh(tf, tf.gather(a, ids)))(x),
              tf.unsortedSegmentSum(tf.gather(x, ids), ids, rows),
            ];
          });
          expectEqual(results);
        },
      ),
      runs,
    );
  });

  it('for Einstein sums, which run on the plain JavaScript backend', async () => {
    const results = await onBoth((tf) => {
      const random = createRandom(3);
      const a = tf.tensor(normals([2, 3, 4], random), [2, 3, 4]);
      const b = tf.tensor(normals([4, 5], random), [4, 5]);
      return [tf.einsum('bij,jk->bik', a, b), tf.einsum('bij->ij', a)];
    });
    expectEqual(results);
  });
});

describe('tensors that share their data', () => {
  it('live on when the other is disposed of', async () => {
    const { wasm } = await onBoth((tf) => {
      const original = tf.tensor1d([1, 2, 3]);
      const clone = original.clone();
      original.dispose();
      const others = tf.ones([3]);
      return [clone, others];
    });
    expect(wasm).toEqual([
      [1, 2, 3],
      [1, 1, 1],
    ]);
  });
});
