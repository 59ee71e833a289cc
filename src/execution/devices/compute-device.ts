import type { BackendName } from '../../trainables/backends/backend.ts';
import type { GpuAdapter, MemorySource } from '../../trainables/backends/gpu-adapter.ts';
import type { PlacedDevice } from '../../trainables/placed-device.ts';

/** A device that trials of this process run on. Its `id` is the same for as long as the process runs. */
export interface ComputeDevice extends PlacedDevice {
  /** In words, such as the GPU's name. */
  readonly name: string;
  /** The tfjs backend of this process that computes on it; null: only programs that trials start do. */
  readonly backend: BackendName | null;
  /** What there is for all programs of the machine; null where nobody tells. */
  readonly memoryBytes: number | null;
  /** Who says so; null where nobody does. */
  readonly memorySource: MemorySource | null;
  /** Where WebGPU computes on it. */
  readonly adapter: GpuAdapter | null;
  /** What the tfjs backend can give one trial; null: all that there is. */
  readonly trialBytes: number | null;
}
