import { availableParallelism, freemem, totalmem } from 'node:os';
import type { Colors } from 'picocolors/types.js';
import { showBytes } from '../core/show-bytes.ts';
import type { ComputeDevice } from '../execution/devices/compute-device.ts';
import { readCpuMemory } from '../execution/devices/cpu-memory.ts';
import { devicesOf } from '../execution/devices/find-devices.ts';
import { memorySourceWords } from '../trainables/backends/gpu-adapter.ts';
import { nvidiaGpus } from '../trainables/backends/nvidia-smi.ts';
import { type BackendProbe, probeBackends } from '../trainables/backends/probe-backends.ts';
import { borderlessTable } from './borderless-table.ts';
import type { Check } from './doctor/check.ts';
import { checkConfiguration } from './doctor/check-configuration.ts';
import { checkDatabase } from './doctor/check-database.ts';
import { packageVersions } from './doctor/package-versions.ts';
import { createOutput } from './output.ts';

export interface DoctorOptions {
  readonly json?: boolean;
}

const maxWidth = 120;

/** Shows what works on this machine. The exit code is 0 when trials and the database do, else 1. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const { check: configuration, config } = await checkConfiguration();
  const [probes, nvidia, database] = await Promise.all([
    probeBackends({ allowSoftwareGpu: config?.allowSoftwareGpu ?? false }),
    nvidiaGpus(),
    // Without the settings there is no telling which database is meant.
    config === null
      ? { name: 'database', works: false, detail: 'Not tried: mend the settings first.' }
      : checkDatabase(config.databaseUrl),
  ]);
  const wanted = config?.backend ?? 'auto';
  const usable = probes
    .filter((probe) => probe.works)
    .filter(({ name }) => wanted === 'auto' || wanted === name);
  // The one that the server would take.
  const inUse = usable[0] ?? null;
  const chosen = inUse?.name ?? null;
  const devices =
    inUse === null ? [] : devicesOf(inUse, nvidia.gpus, readCpuMemory().totalBytes, config?.deviceMemory);
  const machine = {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    gpus: nvidia.gpus,
  };
  const packages = packageVersions();
  const faults = [
    ...(chosen === null
      ? [wanted === 'auto' ? 'no backend works' : `the backend ${wanted} does not work`]
      : []),
    ...(database.works ? [] : ['there is no database']),
    ...(configuration.works ? [] : ['the settings cannot be used']),
  ];
  const ok = faults.length === 0;
  if (!ok) process.exitCode = 1;
  if (options.json) {
    const report = {
      ok,
      backend: chosen,
      backends: probes,
      devices,
      machine,
      database,
      configuration,
      packages,
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }

  const { stream, colors, say } = createOutput(process.stdout);
  const sections: [title: string, checks: readonly Check[]][] = [
    ['Backends for trials, best first', probes.map((probe) => describeProbe(probe, chosen))],
    ['Devices for trials', devices.map((device) => describeDevice(device, config?.memoryShare))],
    ['Database', [database]],
    ['Configuration', [configuration]],
    [
      'Machine',
      [
        present('cores', `${machine.cores}; ${config?.slots ?? machine.cores} trials at once on the CPU`),
        present('memory', `${showBytes(machine.memoryBytes)}, ${showBytes(machine.freeMemoryBytes)} free`),
        ...('reason' in nvidia ? [present('NVIDIA GPUs', `none: ${nvidia.reason}`)] : []),
        present('Node.js', `${machine.node} on ${machine.platform}`),
      ],
    ],
    ['Packages', Object.entries(packages).map(([name, version]) => present(name, version))],
  ];
  const width = Math.min(maxWidth, stream.columns ?? 100);
  for (const [title, checks] of sections) {
    say(colors.bold(title));
    say(checkTable(checks, width, colors));
    say();
  }
  say(
    ok
      ? colors.green(`Trials run here, on ${chosen}.`)
      : colors.red(`Trials do not run here: ${faults.join(', and ')}. See above for what to do.`),
  );
}

function describeProbe(probe: BackendProbe, chosen: string | null): Check {
  if (!probe.works) return { name: probe.name, works: false, detail: probe.reason };
  const detail = `${probe.device} (${probe.version})${probe.name === chosen ? ', the one in use' : ''}`;
  return { name: probe.name, works: true, detail };
}

/** What it is, its memory and who says so; of WebGPU's GPUs also what bounds a tensor. */
function describeDevice(device: ComputeDevice, memoryShare = 1): Check {
  const { id, name, backend, memoryBytes, memorySource, adapter } = device;
  const memory =
    memoryBytes === null || memorySource === null
      ? 'memory of unknown size, so that only the slots bound its trials'
      : `${showBytes(memoryBytes)} of memory (${memorySourceWords[memorySource]}), of which trials get ${showBytes(memoryBytes * memoryShare)}`;
  const tensor = adapter === null ? [] : [`a tensor at most ${showBytes(adapter.maxTensorBytes)}`];
  const users = backend === null ? ['for programs that trials start'] : [];
  return present(id, [name, ...users, memory, ...tensor].join('; '));
}

function present(name: string, detail: string): Check {
  return { name, works: true, detail };
}

function checkTable(checks: readonly Check[], width: number, colors: Colors): string {
  const rows = checks.map(({ name, works, detail }) => [
    works ? colors.green('✓') : colors.red('✗'),
    name,
    detail,
  ]);
  return borderlessTable([{ width: 3 }, { width: 18 }, { width: width - 21 }], rows);
}
