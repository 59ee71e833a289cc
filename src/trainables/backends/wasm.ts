import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type BackendWasm, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { type LoadedBackend, OutOfMemory } from './backend.ts';
import { processorName } from './cpu.ts';
import { InterleavedRuns, type Runs } from './run-meter.ts';
import { registerTrainingKernels } from './wasm-kernels/register.ts';

/** The heap ends at 4 GiB; XNNPACK's own allocations, which abort the whole module when they fail, need some of it. */
const memoryBytes = 3.5 * 2 ** 30;

let loading: Promise<LoadedBackend> | undefined;

/** XNNPACK compiled to WebAssembly with SIMD, on one thread. */
export function loadWasm(): Promise<LoadedBackend> {
  loading ??= load();
  return loading;
}

async function load(): Promise<LoadedBackend> {
  tf.enableProdMode();
  const require = createRequire(import.meta.url);
  setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  await withoutProcessListeners(() => tf.setBackend('wasm'));
  registerTrainingKernels();
  const runs = guardHeap(tf.backend() as BackendWasm);
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'WebAssembly SIMD' : 'WebAssembly';
  return {
    name: 'wasm',
    kind: 'cpu',
    tf,
    device: `${processorName()}, one thread, ${simd}`,
    version: `@tensorflow/tfjs-backend-wasm ${version_wasm}`,
    memoryBytes,
    adapter: null,
    runs,
    lost: null,
  };
}

/** The C library's, as Emscripten exports it; tfjs calls it through this object. */
interface Allocator {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** Emscripten's runtime takes over the process's handling of uncaught errors; that is ours. */
async function withoutProcessListeners(start: () => Promise<unknown>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  await start();
  for (const [event, listeners] of before) {
    for (const listener of process.rawListeners(event)) {
      if (!listeners.includes(listener)) process.removeListener(event, listener as () => void);
    }
  }
}

/**
 * Makes an allocation that fails throw: tfjs takes the null pointer for an address and goes on with wrong numbers. Counts
 * what is allocated and not yet freed, of one run at a time. The heap itself is larger: it has gaps, and never shrinks.
 * @returns `runs` of LoadedBackend
 */
function guardHeap(backend: BackendWasm): Runs {
  const wasm = backend.wasm as unknown as Allocator;
  // Emscripten's stubs put the real functions in their own place when they are first called.
  wasm._free(wasm._malloc(1));
  const { _malloc: allocate, _free: free } = wasm;
  const sizes = new Map<number, number>();
  let bytes = 0;
  let peak = 0;
  wasm._malloc = (size) => {
    const address = size > memoryBytes ? 0 : allocate(size) >>> 0;
    if ((address === 0 && size > 0) || address + size > memoryBytes) {
      free(address);
      throw new OutOfMemory(
        `Out of memory: ${size} bytes more do not fit into the ${memoryBytes} bytes of a WebAssembly backend. ` +
          'Use a smaller batch or model, or a backend with more memory.',
      );
    }
    sizes.set(address, size);
    bytes += size;
    if (bytes > peak) peak = bytes;
    return address;
  };
  wasm._free = (address) => {
    bytes -= sizes.get(address >>> 0) ?? 0;
    sizes.delete(address >>> 0);
    free(address);
  };
  return new InterleavedRuns(tf, () => {
    // What earlier runs have left behind is not this one's.
    const start = bytes;
    peak = start;
    return {
      get peakBytes() {
        return peak - start;
      },
    };
  });
}
