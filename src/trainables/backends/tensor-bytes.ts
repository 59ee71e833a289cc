import type { Tensorflow } from '../trainable.ts';
import { InterleavedRuns, type RunMemory, type Runs } from './run-meter.ts';

/** Bytes of the tensors that a run has made and not yet disposed of. */
class TensorBytes implements RunMemory {
  peakBytes = 0;
  #bytes = 0;

  change(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.peakBytes) this.peakBytes = this.#bytes;
  }
}

/**
 * Watches the bytes of the tensors of each run, where a backend does not tell its own memory: `tf.memory()` shows all that
 * are alive as they are now only, and not what an operation held on the way. Kernels may need more than their results.
 * @returns `runs` of LoadedBackend
 */
export function watchTensorBytes(tf: Tensorflow): Runs {
  const runs = new InterleavedRuns(tf, () => new TensorBytes());
  const { state } = tf.engine() as unknown as { readonly state: { numBytes: number } };
  let bytes = state.numBytes;
  Object.defineProperty(state, 'numBytes', {
    get: () => bytes,
    set: (next: number) => {
      runs.current?.change(next - bytes);
      bytes = next;
    },
  });
  return runs;
}
