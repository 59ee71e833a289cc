import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** A kernel that the plain JS backend has and the WASM backend lacks: runs the former on copies of the latter's data. */
export function bridgeToCpu(name: string): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as BackendWasm;
    const cpu = tf.findBackend('cpu') as tf.KernelBackend;
    const copies: tf.TensorInfo[] = [];

    const toCpu = (info: tf.TensorInfo): tf.TensorInfo => {
      const { shape, dtype } = info;
      const copy = { dataId: cpu.write(wasm.readSync(info.dataId), shape, dtype), shape, dtype };
      copies.push(copy);
      return copy;
    };
    const toWasm = (info: tf.TensorInfo): tf.TensorInfo => {
      copies.push(info);
      return wasm.makeOutput(info.shape, info.dtype, undefined, cpu.readSync(info.dataId));
    };

    try {
      const { kernelFunc } = tf.getKernel(name, 'cpu');
      const results = kernelFunc({ inputs: mapInputs(inputs, toCpu), attrs: attrs ?? {}, backend: cpu });
      return Array.isArray(results) ? results.map(toWasm) : toWasm(results);
    } finally {
      for (const copy of copies) cpu.disposeData(copy.dataId);
    }
  };
}

/** Some kernels, such as Einsum, take a list in place of named inputs. */
function mapInputs(
  inputs: tf.NamedTensorInfoMap,
  copy: (info: tf.TensorInfo) => tf.TensorInfo,
): tf.NamedTensorInfoMap {
  if (Array.isArray(inputs)) return inputs.map(copy) as unknown as tf.NamedTensorInfoMap;
  return Object.fromEntries(Object.entries(inputs).map(([name, info]) => [name, copy(info!)]));
}
