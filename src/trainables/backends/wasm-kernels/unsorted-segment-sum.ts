import * as tf from '@tensorflow/tfjs';
import { type KernelCall, zeros } from './kernel.ts';

/** Adds each slice x[i] to out[segmentIds[i]]: the gradient of gathering, and so of an embedding. */
export function unsortedSegmentSum(
  call: KernelCall<tf.UnsortedSegmentSumInputs, tf.UnsortedSegmentSumAttrs>,
): tf.TensorInfo {
  const { inputs, attrs, backend } = call;
  const { x, segmentIds } = inputs;
  const sliceShape = x.shape.slice(segmentIds.shape.length);
  const sliceSize = tf.util.sizeFromShape(sliceShape);
  const result = zeros(backend, [attrs.numSegments, ...sliceShape], x.dtype as 'float32' | 'int32');
  const sums = backend.typedArrayFromHeap(result);
  const values = backend.typedArrayFromHeap(x);
  const ids = backend.typedArrayFromHeap(segmentIds);

  ids.forEach((id, index) => {
    // Like tf.unsortedSegmentSum elsewhere: a slice of no segment is left out.
    if (id < 0 || id >= attrs.numSegments) return;
    const from = index * sliceSize;
    const to = id * sliceSize;
    for (let k = 0; k < sliceSize; k++) sums[to + k]! += values[from + k]!;
  });
  return result;
}
