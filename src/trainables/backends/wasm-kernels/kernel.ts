import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** What a kernel of the WASM backend is called with. Inputs and result are known to the backend only, not to the engine. */
export interface KernelCall<Inputs, Attrs> {
  readonly inputs: { readonly [Name in keyof Inputs]: NonNullable<Inputs[Name]> };
  readonly attrs: Attrs;
  readonly backend: BackendWasm;
}

/** tfjs types every kernel with the loosest inputs and attributes; each of ours says which it takes. */
export function kernel<Inputs, Attrs>(
  run: (call: KernelCall<Inputs, Attrs>) => tf.TensorInfo,
): tf.KernelFunc {
  return run as unknown as tf.KernelFunc;
}

/** Runs another kernel of the WASM backend; the caller hands its result on or frees it. */
export function runKernel(
  backend: BackendWasm,
  name: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: object,
): tf.TensorInfo {
  const { kernelFunc } = tf.getKernel(name, 'wasm');
  return kernelFunc({ inputs, attrs: attrs as tf.NamedAttrMap, backend }) as tf.TensorInfo;
}

/** Results on the way to a kernel's own result. */
export interface Intermediates {
  /** Runs another kernel of the WASM backend. */
  run(name: string, inputs: tf.NamedTensorInfoMap, attrs: object): tf.TensorInfo;
  keep(info: tf.TensorInfo): tf.TensorInfo;
}

/** Computes a kernel's result and then frees what was only on the way to it. */
export function withIntermediates(
  backend: BackendWasm,
  compute: (intermediates: Intermediates) => tf.TensorInfo,
): tf.TensorInfo {
  const kept: tf.TensorInfo[] = [];
  const keep = (info: tf.TensorInfo): tf.TensorInfo => {
    kept.push(info);
    return info;
  };
  try {
    return compute({ keep, run: (name, inputs, attrs) => keep(runKernel(backend, name, inputs, attrs)) });
  } finally {
    for (const info of kept) backend.disposeData(info.dataId);
  }
}

export function zeros(
  backend: BackendWasm,
  shape: number[],
  dtype: 'float32' | 'int32' = 'float32',
): tf.TensorInfo {
  const info = backend.makeOutput(shape, dtype);
  backend.typedArrayFromHeap(info).fill(0);
  return info;
}

/** A float32 tensor's values on the WASM heap; the view is lost at the next allocation, which may move the heap. */
export function floats(backend: BackendWasm, info: tf.TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(info) as Float32Array;
}
