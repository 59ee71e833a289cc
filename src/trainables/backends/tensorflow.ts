import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import type { Tensorflow } from '../trainable.ts';
import { backendPackages, type LoadedBackend, nativeEnvironment } from './backend.ts';
import { processorName } from './cpu.ts';
import { nvidiaGpus } from './nvidia-smi.ts';
import { importOptional, installedVersion } from './optional-package.ts';
import { watchTensorBytes } from './tensor-bytes.ts';

/** TensorFlow's C++ library through tfjs-node, on CUDA or on the CPU. */
export async function loadTensorflow(name: 'tensorflow-gpu' | 'tensorflow'): Promise<LoadedBackend> {
  for (const [variable, value] of Object.entries(nativeEnvironment)) process.env[variable] ??= value;
  restoreRemovedUtil();
  const packageName = backendPackages[name];
  const tf = await importOptional<Tensorflow>(packageName);
  tf.enableProdMode();
  await tf.setBackend('tensorflow');
  const onGpu = (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
  if (name === 'tensorflow-gpu' && !onGpu) {
    throw new Error(
      `${packageName} runs but finds no GPU. Check that nvidia-smi lists one, and install the CUDA and cuDNN ` +
        'libraries that it was built for.',
    );
  }
  return {
    name,
    kind: onGpu ? 'gpu' : 'cpu',
    tf,
    device: onGpu ? 'CUDA GPU 0' : `${processorName()}, all cores`,
    version: `${packageName} ${installedVersion(packageName)}`,
    memoryBytes: onGpu ? ((await nvidiaGpus()).gpus[0]?.memoryBytes ?? null) : totalmem(),
    adapter: null,
    runs: watchTensorBytes(tf),
    lost: null,
  };
}

/** tfjs-node 4.22 calls a function that Node 23 removed. */
function restoreRemovedUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as { isNullOrUndefined?: (x: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
