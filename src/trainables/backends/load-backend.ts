import type { BackendName, BackendOptions, LoadedBackend } from './backend.ts';

/**
 * Makes TensorFlow.js ready in this thread, with one backend for the thread's whole life.
 * Throws an Error that says why the backend does not work here, and the remedy.
 */
export async function loadBackend(name: BackendName, options: BackendOptions = {}): Promise<LoadedBackend> {
  switch (name) {
    case 'tensorflow-gpu':
    case 'tensorflow':
      return (await import('./tensorflow.ts')).loadTensorflow(name);
    case 'webgpu':
      return (await import('./webgpu.ts')).loadWebgpu(options);
    case 'wasm':
      return (await import('./wasm.ts')).loadWasm();
    case 'cpu':
      return (await import('./cpu.ts')).loadCpu();
  }
}
