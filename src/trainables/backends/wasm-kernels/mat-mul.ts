import type * as tf from '@tensorflow/tfjs';
import { type KernelCall, kernel, withIntermediates } from './kernel.ts';

/**
 * Replaces BatchMatMul, whose transposed forms, the gradients of every dense layer, are scalar loops: transposing
 * first lets XNNPACK multiply (64x784 by 64x128: 0.6 ms for 6.6 ms).
 */
export function fastMatMul(plainMatMul: tf.KernelFunc): tf.KernelFunc {
  return kernel((call: KernelCall<tf.BatchMatMulInputs, tf.BatchMatMulAttrs>) => {
    const { inputs, attrs, backend } = call;
    return withIntermediates(backend, ({ run }) => {
      const plain = (x: tf.TensorInfo, isTransposed: boolean): tf.TensorInfo =>
        isTransposed ? run('Transpose', { x }, { perm: swapLastTwo(x.shape.length) }) : x;
      const a = plain(inputs.a, attrs.transposeA);
      const b = plain(inputs.b, attrs.transposeB);
      const untransposed = { transposeA: false, transposeB: false };
      return plainMatMul({ inputs: { a, b }, attrs: untransposed, backend }) as tf.TensorInfo;
    });
  });
}

function swapLastTwo(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return [...axes.slice(0, -2), rank - 1, rank - 2];
}
