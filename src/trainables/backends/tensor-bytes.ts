import type { Tensorflow } from '../trainable.ts';

/**
 * Watches the bytes of all tensors that are alive, where a backend does not tell its own memory: `tf.memory()` shows them
 * as they are now only, and not what an operation held on the way. Kernels may need more than their results.
 * @returns `takePeakBytes` of LoadedBackend
 */
export function watchTensorBytes(tf: Tensorflow): () => number {
  const { state } = tf.engine() as unknown as { readonly state: { numBytes: number } };
  let bytes = state.numBytes;
  let peak = bytes;
  Object.defineProperty(state, 'numBytes', {
    get: () => bytes,
    set: (next: number) => {
      bytes = next;
      if (next > peak) peak = next;
    },
  });
  return () => {
    const taken = peak;
    peak = bytes;
    return taken;
  };
}
