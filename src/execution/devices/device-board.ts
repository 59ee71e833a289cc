import type { ComputeDevice } from './compute-device.ts';
import { readCpuMemory } from './cpu-memory.ts';

export interface DeviceState extends ComputeDevice {
  /** By all programs of the machine; null where it cannot be told. */
  readonly memoryUsedBytes: number | null;
  readonly runningTrials: number;
}

/** Shows the devices of this process as they are now. */
export class DeviceBoard {
  readonly #devices: readonly ComputeDevice[];
  readonly #runningTrials: (device: ComputeDevice) => number;

  constructor(devices: readonly ComputeDevice[], runningTrials: (device: ComputeDevice) => number) {
    this.#devices = devices;
    this.#runningTrials = runningTrials;
  }

  read(): readonly DeviceState[] {
    return this.#devices.map((device) => ({
      ...device,
      memoryUsedBytes: device.kind === 'cpu' ? readCpuMemory().usedBytes : null,
      runningTrials: this.#runningTrials(device),
    }));
  }
}
