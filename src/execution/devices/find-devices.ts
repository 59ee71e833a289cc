import { OperatorError } from '../../core/errors.ts';
import { type BackendName, backendNames } from '../../trainables/backends/backend.ts';
import { processorName } from '../../trainables/backends/cpu.ts';
import { adapterMemory, type DeviceMemory } from '../../trainables/backends/gpu-adapter.ts';
import { gpuNamed, type NvidiaGpu, nvidiaGpus } from '../../trainables/backends/nvidia-smi.ts';
import { probeBackends, type WorkingBackend } from '../../trainables/backends/probe-backends.ts';
import type { ComputeDevice } from './compute-device.ts';
import { readCpuMemory } from './cpu-memory.ts';

export interface DeviceSettings {
  readonly backend: string;
  readonly allowSoftwareGpu: boolean;
  /** In place of the memory that each device has, in bytes. */
  readonly deviceMemory?: number | undefined;
}

/**
 * The devices of this machine that trials can run on: the CPU, every NVIDIA GPU, and the GPU that tfjs computes on where
 * that is another. Exactly one has a tfjs backend: with `auto` the first that works, in the order of preference.
 * @throws OperatorError when no backend works, with the reasons
 */
export async function findDevices(wanted: DeviceSettings): Promise<ComputeDevice[]> {
  const [chosen, { gpus }] = await Promise.all([chooseBackend(wanted), nvidiaGpus()]);
  return devicesOf(chosen, gpus, readCpuMemory().totalBytes, wanted.deviceMemory);
}

/**
 * The devices of a machine with these GPUs, when tfjs uses this backend.
 * @param setBytes in place of the memory that each has
 */
export function devicesOf(
  chosen: Pick<WorkingBackend, 'name' | 'kind' | 'device' | 'memoryBytes' | 'adapter'>,
  gpus: readonly NvidiaGpu[],
  cpuBytes: number,
  setBytes?: number,
): ComputeDevice[] {
  const cpu: ComputeDevice = {
    id: 'cpu',
    name: chosen.kind === 'cpu' ? chosen.device : processorName(),
    kind: 'cpu',
    backend: chosen.kind === 'cpu' ? chosen.name : null,
    cuda: null,
    adapter: null,
    ...memoryOf({ bytes: cpuBytes, source: 'MACHINE' }, setBytes),
    trialBytes: chosen.kind === 'cpu' ? chosen.memoryBytes : null,
  };
  // TensorFlow takes the first.
  const onGpu = chosen.name === 'tensorflow-gpu' ? gpus[0] : gpuNamed(gpus, chosen.device);
  const shared = chosen.kind === 'gpu' ? onGpu : undefined;
  const chosenMemory = memoryOf(backendMemory(chosen, cpuBytes), setBytes);
  const cuda = gpus.map((gpu): ComputeDevice => {
    const { index, uuid, name, memoryBytes } = gpu;
    const computes = gpu === shared;
    return {
      id: `cuda:${index}`,
      name: `${name}, GPU ${index}`,
      kind: 'gpu',
      backend: computes ? chosen.name : null,
      cuda: { index, uuid },
      adapter: computes ? chosen.adapter : null,
      ...(computes && memoryBytes === null ? chosenMemory : memoryOf(driverMemory(memoryBytes), setBytes)),
      trialBytes: null,
    };
  });
  if (chosen.kind === 'cpu' || shared !== undefined) return [cpu, ...cuda];
  const { name, device, adapter } = chosen;
  const own: ComputeDevice = {
    id: name,
    name: device,
    kind: 'gpu',
    backend: name,
    cuda: null,
    adapter,
    ...chosenMemory,
    trialBytes: null,
  };
  return [cpu, own, ...cuda];
}

function backendMemory(
  { adapter, memoryBytes }: Pick<WorkingBackend, 'memoryBytes' | 'adapter'>,
  cpuBytes: number,
): DeviceMemory | null {
  return adapter === null ? driverMemory(memoryBytes) : adapterMemory(adapter, memoryBytes, cpuBytes);
}

function driverMemory(bytes: number | null): DeviceMemory | null {
  return bytes === null ? null : { bytes, source: 'DRIVER' };
}

function memoryOf(
  found: DeviceMemory | null,
  setBytes: number | undefined,
): Pick<ComputeDevice, 'memoryBytes' | 'memorySource'> {
  if (setBytes !== undefined) return { memoryBytes: setBytes, memorySource: 'SETTING' };
  return { memoryBytes: found?.bytes ?? null, memorySource: found?.source ?? null };
}

async function chooseBackend({ backend, allowSoftwareGpu }: DeviceSettings): Promise<WorkingBackend> {
  const candidates = backendNames.filter((name) => backend === 'auto' || name === backend);
  if (candidates.length === 0) {
    throw new OperatorError(
      `backend (TRIALGRAPH_BACKEND): expected auto, ${backendNames.join(', ')}, got "${backend}".`,
    );
  }
  const reasons: string[] = [];
  for (const name of candidates) {
    const [probe] = await probeBackends({ backends: [name as BackendName], allowSoftwareGpu });
    if (probe!.works) return probe!;
    reasons.push(`${name}: ${probe!.reason}`);
  }
  throw new OperatorError(`No backend works here.\n${reasons.join('\n')}`);
}
