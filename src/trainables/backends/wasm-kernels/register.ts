import * as tf from '@tensorflow/tfjs';
import { conv2DBackpropFilter, fastConv2DBackpropInput } from './conv-2d-gradients.ts';
import { bridgeToCpu } from './cpu-bridge.ts';
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './depthwise-conv-2d-gradients.ts';
import { identity } from './identity.ts';
import { kernel } from './kernel.ts';
import { fastMatMul } from './mat-mul.ts';
import { avgPoolGrad, maxPoolGrad } from './pool-gradients.ts';
import { steadyKernel } from './steady-kernel.ts';
import { unsortedSegmentSum } from './unsorted-segment-sum.ts';

/** The WASM heap holds no complex numbers. */
const complexKernels: ReadonlySet<string> = new Set([
  tf.Complex,
  tf.ComplexAbs,
  tf.FFT,
  tf.IFFT,
  tf.Imag,
  tf.Real,
]);

/** Those that multiply matrices by XNNPACK. */
const productKernels = [
  tf.BatchMatMul,
  tf._FusedMatMul,
  tf.Conv2D,
  tf.FusedConv2D,
  tf.DepthwiseConv2dNative,
  tf.FusedDepthwiseConv2D,
];

/**
 * Gives the WASM backend the kernels that training needs: those that it lacks, and faster ones for those that it has
 * as scalar loops. To be called once, after the backend has been set up.
 */
export function registerTrainingKernels(): void {
  for (const name of productKernels) replace(name, (original) => steadyKernel(original));
  replace(tf.BatchMatMul, fastMatMul);
  replace(tf.Conv2DBackpropInput, fastConv2DBackpropInput);
  replace(tf.Identity, () => kernel(identity));
  replace(tf.MaxPoolGrad, () => kernel(maxPoolGrad));
  replace(tf.AvgPoolGrad, () => kernel(avgPoolGrad));
  add(tf.Conv2DBackpropFilter, kernel(conv2DBackpropFilter));
  add(tf.DepthwiseConv2dNativeBackpropFilter, kernel(depthwiseBackpropFilter));
  add(tf.DepthwiseConv2dNativeBackpropInput, kernel(depthwiseBackpropInput));
  add(tf.UnsortedSegmentSum, kernel(unsortedSegmentSum));

  const present = new Set(tf.getKernelsForBackend('wasm').map((config) => config.kernelName));
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (!present.has(kernelName) && !complexKernels.has(kernelName)) add(kernelName, bridgeToCpu(kernelName));
  }
}

function replace(kernelName: string, replacement: (original: tf.KernelFunc) => tf.KernelFunc): void {
  const { kernelFunc } = tf.getKernel(kernelName, 'wasm');
  tf.unregisterKernel(kernelName, 'wasm');
  add(kernelName, replacement(kernelFunc));
}

function add(kernelName: string, kernelFunc: tf.KernelFunc): void {
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
}
