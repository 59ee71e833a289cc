import { freemem, totalmem } from 'node:os';
import type { BackendName } from '../trainables/backends/backend.ts';

/** A device that trials of this process run on. */
export interface ComputeDevice {
  /** In words, such as the GPU's name. */
  readonly name: string;
  readonly kind: 'cpu' | 'gpu';
  readonly backend: BackendName;
  /** What all its trials together may fill; null where the backend does not tell. */
  readonly memoryBytes: number | null;
}

export interface DeviceState extends ComputeDevice {
  /** Null where it cannot be told. */
  readonly memoryUsedBytes: number | null;
  readonly runningTrials: number;
}

/** Shows the devices of this process as they are now. */
export class DeviceBoard {
  readonly #device: ComputeDevice;
  readonly #runningTrials: () => number;

  constructor(device: ComputeDevice, runningTrials: () => number) {
    this.#device = device;
    this.#runningTrials = runningTrials;
  }

  read(): readonly DeviceState[] {
    const isCpu = this.#device.kind === 'cpu';
    return [
      {
        ...this.#device,
        memoryUsedBytes: isCpu ? totalmem() - freemem() : null,
        runningTrials: this.#runningTrials(),
      },
    ];
  }
}
