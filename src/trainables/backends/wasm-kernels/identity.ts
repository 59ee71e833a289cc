import type * as tf from '@tensorflow/tfjs';
import type { KernelCall } from './kernel.ts';

/**
 * Replaces Identity, which copies: tfjs runs it on every tensor that a gradient will need, and as no kernel writes to
 * its inputs, both can share the data.
 */
export function identity(call: KernelCall<tf.IdentityInputs, object>): tf.TensorInfo {
  const { dataId, shape, dtype } = call.inputs.x;
  call.backend.incRef(dataId);
  return { dataId, shape, dtype };
}
