import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import type { Tensorflow } from '../trainable.ts';
import { type BackendName, type LoadedBackend, nativeEnvironment } from './backend.ts';
import { processorName } from './cpu.ts';
import { gpuMemoryBytes } from './gpu-memory.ts';

const packages = { 'tensorflow-gpu': '@tensorflow/tfjs-node-gpu', tensorflow: '@tensorflow/tfjs-node' };

/** TensorFlow's C++ library through tfjs-node, on CUDA or on the CPU. */
export async function loadTensorflow(name: keyof typeof packages & BackendName): Promise<LoadedBackend> {
  for (const [variable, value] of Object.entries(nativeEnvironment)) process.env[variable] ??= value;
  restoreRemovedUtil();
  const packageName = packages[name];
  const tf = await importTensorflow(packageName);
  tf.enableProdMode();
  await tf.setBackend('tensorflow');
  const onGpu = (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
  if (name === 'tensorflow-gpu' && !onGpu) {
    throw new Error(
      `${packageName} runs but finds no GPU. Check that nvidia-smi lists one, and install the CUDA and cuDNN ` +
        'libraries that it was built for.',
    );
  }
  const version = (tf.version as Readonly<Record<string, string>>)['tfjs-node'] ?? tf.version.tfjs;
  return {
    name,
    kind: onGpu ? 'gpu' : 'cpu',
    tf,
    device: onGpu ? 'CUDA GPU 0' : `${processorName()}, all cores`,
    version: `${packageName} ${version}`,
    memoryBytes: onGpu ? await gpuMemoryBytes() : totalmem(),
    takePeakBytes: () => null,
  };
}

async function importTensorflow(packageName: string): Promise<Tensorflow> {
  try {
    const loaded = (await import(packageName)) as Tensorflow & { readonly default?: Tensorflow };
    return loaded.default ?? loaded;
  } catch (error) {
    throw new Error(
      `The package '${packageName}' cannot be loaded (${firstLine(error)}): npm install ${packageName}@4.22.0`,
      { cause: error },
    );
  }
}

/** tfjs-node 4.22 calls a function that Node 23 removed. */
function restoreRemovedUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as { isNullOrUndefined?: (x: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]!;
}
