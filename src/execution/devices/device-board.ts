import type { DeviceLoad } from '../../core/packing/place-trial.ts';
import type { WaitingLine } from '../../core/packing/waiting-line.ts';
import { nvidiaGpus } from '../../trainables/backends/nvidia-smi.ts';
import type { DeviceNeed } from '../../trainables/placed-device.ts';
import type { ComputeDevice } from './compute-device.ts';
import { readCpuMemory } from './cpu-memory.ts';

export interface DeviceBoardOptions {
  readonly devices: readonly ComputeDevice[];
  /** The part of each device's memory that trials may be predicted to take together. */
  readonly memoryShare: number;
  /** Trials at once on the CPU, and on each GPU. */
  readonly slots: number;
  readonly gpuSlots: number;
}

export interface DeviceState extends ComputeDevice {
  /** By all programs of the machine; null where it cannot be told. */
  readonly memoryUsedBytes: number | null;
  /** What trials may be predicted to take together; null where the device's size is not known. */
  readonly memoryLimitBytes: number | null;
  /** What the trials that run on it are predicted to take. */
  readonly memoryReservedBytes: number;
  readonly runningTrials: number;
  /** Why no trial can start on it now, in words. */
  readonly fault: string | null;
  readonly slots: number;
}

interface Reservation {
  readonly deviceId: string;
  readonly bytes: number;
}

/** Numbers of GPUs are asked for no more often: each question starts a program. */
const refreshMs = 1000;

/** The devices of this process as they are now, with what is reserved on them for trials. */
export class DeviceBoard {
  readonly #options: DeviceBoardOptions;
  readonly #reservations = new Map<number, Reservation>();
  /** This process's own memory before any trial: it counts as that of others. */
  readonly #ownBytes = process.memoryUsage.rss();
  /** What was used when a GPU was last looked at, and what others had when none of our trials ran there. */
  readonly #gpuUsedBytes = new Map<string, number>();
  readonly #gpuOthersBytes = new Map<string, number>();
  #backendFault: string | null = null;
  /** The most that one trial was seen to have. */
  readonly #heldBytes = new Map<string, number>();
  #refreshedMs = Number.NEGATIVE_INFINITY;

  constructor(options: DeviceBoardOptions) {
    this.#options = options;
  }

  device(id: string): ComputeDevice {
    return this.#options.devices.find((device) => device.id === id)!;
  }

  /** Takes in that what tfjs computes on is gone, or with null that it is there again. */
  setFault(fault: string | null): void {
    this.#backendFault = fault;
  }

  reserve(trialId: number, deviceId: string, bytes: number): void {
    this.#reservations.set(trialId, { deviceId, bytes });
  }

  /** Takes in that a trial on it has had this much: then the device has it. */
  held(trialId: number, bytes: number): void {
    const { deviceId } = this.#reservations.get(trialId) ?? {};
    if (deviceId === undefined) return;
    this.#heldBytes.set(deviceId, Math.max(bytes, this.#heldBytes.get(deviceId) ?? 0));
  }

  release(trialId: number): void {
    this.#reservations.delete(trialId);
  }

  /** What is reserved for a trial; 0 where it does not run here. */
  reservedFor(trialId: number): number {
    return this.#reservations.get(trialId)?.bytes ?? 0;
  }

  /** The devices that trials with this need can run on. */
  loads(need: DeviceNeed, line: WaitingLine): DeviceLoad[] {
    return this.#suited(need).map((device) => ({
      id: device.id,
      name: device.name,
      capacityBytes: this.#limitBytes(device),
      trialBytes: need === 'backend' ? device.trialBytes : null,
      isAtLeast: device.memorySource === 'LARGEST_BUFFER',
      othersBytes: this.#othersBytes(device),
      ...this.#taken(device),
      slots: this.#slots(device),
      fault: this.#fault(device),
      keptFor: line.keptFor(device.id),
    }));
  }

  read(): readonly DeviceState[] {
    return this.#options.devices.map((device) => {
      const { running, reservedBytes } = this.#taken(device);
      return {
        ...device,
        memoryUsedBytes:
          device.kind === 'cpu' ? readCpuMemory().usedBytes : (this.#gpuUsedBytes.get(device.id) ?? null),
        memoryLimitBytes: this.#limitBytes(device),
        memoryReservedBytes: reservedBytes,
        runningTrials: running,
        fault: this.#fault(device),
        slots: this.#slots(device),
      };
    });
  }

  /** Looks at the GPUs again, where there are any and the last look was a while ago. */
  async refresh(): Promise<void> {
    const { devices } = this.#options;
    if (devices.every(({ cuda }) => cuda === null) || performance.now() - this.#refreshedMs < refreshMs)
      return;
    this.#refreshedMs = performance.now();
    const { gpus } = await nvidiaGpus();
    for (const device of devices) {
      const gpu = gpus.find(({ uuid }) => uuid === device.cuda?.uuid);
      if (gpu?.usedBytes == null) continue;
      this.#gpuUsedBytes.set(device.id, gpu.usedBytes);
      // A backend keeps what it once had: from its first trial on, others cannot be told from it.
      const isOurs = this.#taken(device).running > 0 || device.backend !== null;
      if (!isOurs || !this.#gpuOthersBytes.has(device.id)) {
        this.#gpuOthersBytes.set(device.id, gpu.usedBytes);
      }
    }
  }

  #suited(need: DeviceNeed): ComputeDevice[] {
    const { devices } = this.#options;
    const cuda = devices.filter((device) => device.cuda !== null);
    switch (need) {
      case 'backend':
        return devices.filter(({ backend }) => backend !== null);
      case 'gpu':
        return cuda;
      case 'any':
        if (cuda.length > 0) return cuda;
    }
    return devices.filter(({ kind }) => kind === 'cpu');
  }

  #taken({ id }: ComputeDevice): { readonly running: number; readonly reservedBytes: number } {
    let [running, reservedBytes] = [0, 0];
    for (const { deviceId, bytes } of this.#reservations.values()) {
      if (deviceId !== id) continue;
      running++;
      reservedBytes += bytes;
    }
    return { running, reservedBytes };
  }

  #fault({ backend }: ComputeDevice): string | null {
    return backend === null ? null : this.#backendFault;
  }

  #slots({ kind }: ComputeDevice): number {
    return kind === 'cpu' ? this.#options.slots : this.#options.gpuSlots;
  }

  #limitBytes({ id, memoryBytes, memorySource }: ComputeDevice): number | null {
    if (memoryBytes === null) return null;
    const limit = Math.floor(memoryBytes * this.#options.memoryShare);
    return memorySource === 'LARGEST_BUFFER' ? Math.max(limit, this.#heldBytes.get(id) ?? 0) : limit;
  }

  /**
   * What programs other than trials hold of the limit. The size that was set in place of the real one is the trials' own,
   * so there it is nothing.
   */
  #othersBytes(device: ComputeDevice): number {
    if (device.kind === 'gpu') return this.#gpuOthersBytes.get(device.id) ?? 0;
    const { totalBytes, usedBytes } = readCpuMemory();
    if (device.memoryBytes !== totalBytes) return 0;
    // Trials in processes of their own do not show in this one's memory, but in what is reserved.
    const ours = Math.max(process.memoryUsage.rss() - this.#ownBytes, this.#taken(device).reservedBytes);
    return Math.max(0, usedBytes - ours);
  }
}
