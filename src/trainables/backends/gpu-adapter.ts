/** A GPU as WebGPU tells of it. */
export interface GpuAdapter {
  /** Such as `amd`, `intel`, `apple`; empty where it is not told. */
  readonly vendor: string;
  /** The family of GPUs, such as `rdna-3`; empty where it is not told. */
  readonly architecture: string;
  /** Whether it computes on the CPU. */
  readonly isSoftware: boolean;
  /** In bytes, of one tensor. */
  readonly maxTensorBytes: number;
  /** All that WebGPU limits, under its own names. */
  readonly limits: Readonly<Record<string, number>>;
}

/**
 * Who says how much memory a device has: the operator (`SETTING`), the GPU's driver, or the machine, whose memory it
 * shares. `LARGEST_BUFFER`: nobody, so it is taken for the size of the largest buffer that the GPU offers. It has at least
 * as much.
 */
export type MemorySource = 'SETTING' | 'DRIVER' | 'MACHINE' | 'LARGEST_BUFFER';

export interface DeviceMemory {
  readonly bytes: number;
  readonly source: MemorySource;
}

/** In words, behind a size. */
export const memorySourceWords: Readonly<Record<MemorySource, string>> = {
  SETTING: 'as set',
  DRIVER: 'as its driver says',
  MACHINE: 'the machine’s',
  LARGEST_BUFFER: 'or more: WebGPU tells only its largest buffer; deviceMemory sets what it has',
};

/**
 * What memory WebGPU's GPU has. WebGPU itself does not say: the driver does, of NVIDIA's GPUs. Software adapters and
 * Apple's GPUs have the machine's.
 * @param driverBytes of the GPU that this adapter is, where its driver tells
 * @param machineBytes the memory of the machine or container
 */
export function adapterMemory(
  { isSoftware, vendor, limits }: GpuAdapter,
  driverBytes: number | null,
  machineBytes: number,
): DeviceMemory {
  if (driverBytes !== null) return { bytes: driverBytes, source: 'DRIVER' };
  if (isSoftware || vendor === 'apple') return { bytes: machineBytes, source: 'MACHINE' };
  return { bytes: limits.maxBufferSize!, source: 'LARGEST_BUFFER' };
}
