/** Where a run was placed: what its thread or its process must know of the device. */
export interface PlacedDevice {
  /** `cpu`, `cuda:0`, `webgpu`. */
  readonly id: string;
  readonly kind: 'cpu' | 'gpu';
  /** Set where it is a GPU of NVIDIA's. */
  readonly cuda: CudaDevice | null;
}

export interface CudaDevice {
  /** By place on the bus, as nvidia-smi counts. CUDA itself may count the fastest first: there the UUID is safe. */
  readonly index: number;
  readonly uuid: string;
}

/**
 * What a trainable's trials run on: `backend`, whatever tfjs computes on in this process; `any`, an NVIDIA GPU where
 * there is one, otherwise the CPU; `gpu`, an NVIDIA GPU only; `cpu`.
 */
export type DeviceNeed = 'backend' | 'any' | 'gpu' | 'cpu';

/** For `CUDA_VISIBLE_DEVICES` of a process that runs on the device: no other GPU is seen, on the CPU none. */
export function cudaVisibleDevices({ cuda }: PlacedDevice): string {
  return cuda?.uuid ?? '';
}
