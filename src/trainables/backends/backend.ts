import type { Tensorflow } from '../trainable.ts';
import type { GpuAdapter } from './gpu-adapter.ts';
import type { Runs } from './run-meter.ts';

/** The tfjs backends in order of preference. */
export const backendNames = ['tensorflow-gpu', 'webgpu', 'tensorflow', 'wasm', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** The npm package that each of them needs. */
export const backendPackages: Readonly<Record<BackendName, string>> = {
  'tensorflow-gpu': '@tensorflow/tfjs-node-gpu',
  webgpu: 'webgpu',
  tensorflow: '@tensorflow/tfjs-node',
  wasm: '@tensorflow/tfjs-backend-wasm',
  cpu: '@tensorflow/tfjs',
};

/**
 * Backends whose trials share one thread that interleaves them: TensorFlow's library races between threads, and a
 * WebGPU thread that is ended while it computes takes the process with it.
 */
export const sharedThreadBackends: ReadonlySet<BackendName> = new Set([
  'tensorflow-gpu',
  'webgpu',
  'tensorflow',
]);

/** TensorFlow.js ready to compute in this thread. */
export interface LoadedBackend {
  readonly name: BackendName;
  readonly kind: 'gpu' | 'cpu';
  readonly tf: Tensorflow;
  /** The hardware, for people to read. */
  readonly device: string;
  /** The backend's package and its version. */
  readonly version: string;
  /** What all trials of the thread (CPU) or of the device (GPU) may fill; null where nobody tells. */
  readonly memoryBytes: number | null;
  /** The GPU, where WebGPU found it. */
  readonly adapter: GpuAdapter | null;
  /** What trials are run by. */
  readonly runs: Runs;
  /** Resolves, with the reason in words, when the device is gone with all that it held; null where that cannot be. */
  readonly lost: Promise<string> | null;
}

export interface BackendOptions {
  /** Lets `webgpu` take an adapter that computes on the CPU: for tests, as `wasm` is much faster. */
  readonly allowSoftwareGpu?: boolean;
  /** What the tensors of `webgpu` may fill; absent: all that its device has. */
  readonly maxGpuBytes?: number;
}

/**
 * Environment variables that TensorFlow's C++ library reads. A thread has only a copy of the environment: set them in
 * the process before it starts threads.
 */
export const nativeEnvironment: Readonly<Record<string, string>> = {
  // Otherwise the first trial takes the whole GPU.
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  // Warnings and errors only.
  TF_CPP_MIN_LOG_LEVEL: '1',
};

/** Thrown when tensors do not fit into the memory of a backend. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/** What libraries say when memory runs out: V8 of arrays and WebAssembly's heap, Emscripten, TensorFlow, CUDA, Dawn. */
const outOfMemoryText =
  /array buffer allocation failed|invalid (typed )?array (buffer )?length|could not allocate memory|abort\(OOM\)|cannot enlarge memory|RESOURCE_EXHAUSTED|resource exhausted|OOM when allocating|failed to allocate memory|CUDA_ERROR_OUT_OF_MEMORY|ran out of memory|out[ _]of[ _](device[ _]|host[ _])?memory/i;

/** Whether an error that training threw says that memory ran out. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof OutOfMemory) return true;
  return error instanceof Error && isOutOfMemoryText(error.message);
}

export function isOutOfMemoryText(message: string): boolean {
  return outOfMemoryText.test(message);
}
