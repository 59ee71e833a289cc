import * as tf from '@tensorflow/tfjs';
import { floats, type KernelCall, zeros } from './kernel.ts';

type ConvInfo = tf.backend_util.Conv2DInfo;
type Shape4D = [number, number, number, number];

/** dw[u, v, c, q] = sum over b, i, j of x[b, i s + u d - p, j s + v d - p, c] dy[b, i, j, c m + q]. */
export function depthwiseBackpropFilter(
  call: KernelCall<tf.DepthwiseConv2dNativeBackpropFilterInputs, tf.DepthwiseConv2dNativeBackpropFilterAttrs>,
): tf.TensorInfo {
  const { inputs, attrs, backend } = call;
  const info = convInfo(inputs.x.shape as Shape4D, attrs.filterShape, attrs);
  const result = zeros(backend, attrs.filterShape);
  const dw = floats(backend, result);
  const x = floats(backend, inputs.x);
  const dy = floats(backend, inputs.dy);
  const multiplier = info.outChannels / info.inChannels;

  forEachPair(info, (inAt, outAt, filterAt) => {
    for (let c = 0; c < info.inChannels; c++) {
      const value = x[inAt + c]!;
      for (let q = 0; q < multiplier; q++) dw[filterAt++]! += value * dy[outAt++]!;
    }
  });
  return result;
}

/** dx[b, i s + u d - p, j s + v d - p, c] += w[u, v, c, q] dy[b, i, j, c m + q], over all i, j, u, v and q. */
export function depthwiseBackpropInput(
  call: KernelCall<tf.DepthwiseConv2dNativeBackpropInputInputs, tf.DepthwiseConv2dNativeBackpropInputAttrs>,
): tf.TensorInfo {
  const { inputs, attrs, backend } = call;
  const info = convInfo(attrs.inputShape, inputs.filter.shape as Shape4D, attrs);
  const result = zeros(backend, attrs.inputShape);
  const dx = floats(backend, result);
  const w = floats(backend, inputs.filter);
  const dy = floats(backend, inputs.dy);
  const multiplier = info.outChannels / info.inChannels;

  forEachPair(info, (inAt, outAt, filterAt) => {
    for (let c = 0; c < info.inChannels; c++) {
      let sum = 0;
      for (let q = 0; q < multiplier; q++) sum += w[filterAt++]! * dy[outAt++]!;
      dx[inAt + c]! += sum;
    }
  });
  return result;
}

/** Visits every pair of an input and an output pixel that a filter pixel joins, with the offsets of all three. */
function forEachPair(info: ConvInfo, visit: (inAt: number, outAt: number, filterAt: number) => void): void {
  for (let b = 0; b < info.batchSize; b++) {
    for (let i = 0; i < info.outHeight; i++) {
      for (let u = 0; u < info.filterHeight; u++) {
        const y = i * info.strideHeight + u * info.dilationHeight - info.padInfo.top;
        if (y < 0 || y >= info.inHeight) continue;
        for (let j = 0; j < info.outWidth; j++) {
          for (let v = 0; v < info.filterWidth; v++) {
            const x = j * info.strideWidth + v * info.dilationWidth - info.padInfo.left;
            if (x < 0 || x >= info.inWidth) continue;
            const inAt = ((b * info.inHeight + y) * info.inWidth + x) * info.inChannels;
            const outAt = ((b * info.outHeight + i) * info.outWidth + j) * info.outChannels;
            visit(inAt, outAt, (u * info.filterWidth + v) * info.outChannels);
          }
        }
      }
    }
  }
}

function convInfo(
  inputShape: Shape4D,
  filterShape: Shape4D,
  attrs: Pick<
    tf.DepthwiseConv2dNativeBackpropInputAttrs,
    'strides' | 'dilations' | 'pad' | 'dimRoundingMode'
  >,
): ConvInfo {
  const { strides, dilations, pad, dimRoundingMode } = attrs;
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
}
