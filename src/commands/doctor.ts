import { availableParallelism, freemem, totalmem } from 'node:os';
import type { Colors } from 'picocolors/types.js';
import { showBytes } from '../core/show-bytes.ts';
import { type NvidiaGpus, nvidiaGpus } from '../trainables/backends/nvidia-smi.ts';
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
    probeBackends(),
    nvidiaGpus(),
    // Without the settings there is no telling which database is meant.
    config === null
      ? { name: 'database', works: false, detail: 'Not tried: mend the settings first.' }
      : checkDatabase(config.databaseUrl),
  ]);
  const wanted = config?.backend ?? 'auto';
  const chosen = chooseBackend(probes, wanted);
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
    const report = { ok, backend: chosen, backends: probes, machine, database, configuration, packages };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }

  const { stream, colors, say } = createOutput(process.stdout);
  const sections: [title: string, checks: readonly Check[]][] = [
    ['Backends for trials, best first', probes.map((probe) => describeProbe(probe, chosen))],
    ['Database', [database]],
    ['Configuration', [configuration]],
    [
      'Machine',
      [
        present('cores', `${machine.cores}; ${config?.slots ?? machine.cores} trials at once on the CPU`),
        present('memory', `${showBytes(machine.memoryBytes)}, ${showBytes(machine.freeMemoryBytes)} free`),
        ...describeGpus(nvidia),
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

/** The backend that the server would take; null when that does not work. */
function chooseBackend(probes: readonly BackendProbe[], wanted: string): string | null {
  const usable = probes.filter(({ name, works }) => works && (wanted === 'auto' || wanted === name));
  return usable[0]?.name ?? null;
}

function describeProbe(probe: BackendProbe, chosen: string | null): Check {
  if (!probe.works) return { name: probe.name, works: false, detail: probe.reason };
  const detail = `${probe.device} (${probe.version})${probe.name === chosen ? ', the one in use' : ''}`;
  return { name: probe.name, works: true, detail };
}

/** Those that `command` trials get by CUDA_VISIBLE_DEVICES; it is no fault to have none. */
function describeGpus(nvidia: NvidiaGpus): Check[] {
  if ('reason' in nvidia) return [present('NVIDIA GPUs', `none: ${nvidia.reason}`)];
  return nvidia.gpus.map(({ index, name, memoryBytes }) =>
    present(`NVIDIA GPU ${index}`, memoryBytes === null ? name : `${name}, ${showBytes(memoryBytes)}`),
  );
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
