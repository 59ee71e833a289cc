import * as tf from '@tensorflow/tfjs';
import type { BackendOptions, LoadedBackend } from './backend.ts';
import type { GpuAdapter } from './gpu-adapter.ts';
import { gpuNamed, nvidiaGpus } from './nvidia-smi.ts';
import { importOptional, installedVersion } from './optional-package.ts';
import {
  type AllocatingDevice,
  type BufferPool,
  freeBuffers,
  largestTensorBytes,
  watchBuffers,
} from './webgpu-memory.ts';
import { type BufferManager, watchRunBuffers } from './webgpu-run-memory.ts';

/** The parts of WebGPU that are used here, as Dawn's bindings for Node give them. */
interface Adapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter: boolean;
  };
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>> & AllocatingDevice['limits'];
  requestDevice(descriptor: object): Promise<Device>;
}
interface Device extends AllocatingDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
}
interface GpuBuffer {
  readonly size: number;
  readonly usage: number;
}
interface Gpu {
  requestAdapter(options: object): Promise<Adapter | null>;
}
interface Dawn {
  create(options: string[]): Gpu;
  readonly globals: object;
}

const softwareRenderers = /swiftshader|llvmpipe|lavapipe|basic render driver/i;

/** What tfjs asks of a device beyond the least that every device has. */
const limits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBuffersPerShaderStage',
];

let loading: Promise<LoadedBackend> | undefined;

/** Any GPU with a Vulkan, Metal or Direct3D 12 driver, through Dawn. */
export function loadWebgpu(options: BackendOptions): Promise<LoadedBackend> {
  loading ??= load(options);
  return loading;
}

async function load({ allowSoftwareGpu = false, maxGpuBytes }: BackendOptions): Promise<LoadedBackend> {
  tf.enableProdMode();
  const { create, globals } = await importOptional<Dawn>('webgpu');
  // The package registers a backend of its own where it finds a GPU, so it is imported before there is one.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // Node 20 has no navigator. tfjs looks there for WebGPU; Dawn's objects end with the last reference to `gpu`.
  if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {} });
  Object.defineProperty(Reflect.get(globalThis, 'navigator'), 'gpu', { value: gpu, configurable: true });

  const adapter = await findAdapter(gpu, allowSoftwareGpu);
  const device = await adapter.requestDevice({
    requiredFeatures: ['timestamp-query', 'bgra8unorm-storage'].filter((name) => adapter.features.has(name)),
    requiredLimits: Object.fromEntries(limits.map((name) => [name, adapter.limits[name]])),
  });
  const buffers = (): BufferPool & BufferManager<GpuBuffer> =>
    (tf.backend() as unknown as { readonly bufferManager: BufferPool & BufferManager<GpuBuffer> })
      .bufferManager;
  watchBuffers(device, buffers, maxGpuBytes);
  tf.registerBackend('webgpu', () => new WebGPUBackend(device as never, adapter.info as never));
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs could not start its WebGPU backend.');
  return {
    name: 'webgpu',
    kind: 'gpu',
    tf,
    device: describe(adapter),
    version: `webgpu ${installedVersion('webgpu')}`,
    memoryBytes: await driverMemoryBytes(adapter),
    adapter: tellOf(adapter),
    // What tfjs keeps would be of no use to the next run, whose tensors have other sizes.
    runs: watchRunBuffers(tf, buffers(), () => freeBuffers(buffers())),
    lost: device.lost.then(({ reason, message }) => `The GPU was lost (${reason}): ${message}`),
  };
}

/** WebGPU tells of no memory: the driver does, where the adapter is the GPU that it names. */
async function driverMemoryBytes(adapter: Adapter): Promise<number | null> {
  const { gpus } = await nvidiaGpus();
  return gpuNamed(gpus, describe(adapter))?.memoryBytes ?? null;
}

async function findAdapter(gpu: Gpu, allowSoftware: boolean): Promise<Adapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter && (allowSoftware || !isSoftware(adapter))) return adapter;
  const software = adapter ?? (await gpu.requestAdapter({ forceFallbackAdapter: true }));
  if (software && allowSoftware) return software;
  const found = software ? `only ${describe(software)}, which computes on the CPU` : 'none';
  throw new Error(
    `No GPU for WebGPU (found ${found}). Install the GPU's driver with Vulkan support; ` +
      'in a container, pass the GPU through with its graphics capability.',
  );
}

function tellOf(adapter: Adapter): GpuAdapter {
  const { info, limits } = adapter;
  // Accessors of the prototype, which neither spread nor JSON sees.
  const names = Object.keys(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(limits)));
  const numbers = names.map((name) => [name, limits[name]]).filter(([, value]) => typeof value === 'number');
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    isSoftware: isSoftware(adapter),
    maxTensorBytes: largestTensorBytes(limits),
    limits: Object.fromEntries(numbers),
  };
}

function isSoftware({ info }: Adapter): boolean {
  return (
    info.isFallbackAdapter ||
    softwareRenderers.test(`${info.architecture} ${info.device} ${info.description}`)
  );
}

function describe({ info }: Adapter): string {
  return [info.vendor, info.device || info.architecture, info.description].filter(Boolean).join(', ');
}
