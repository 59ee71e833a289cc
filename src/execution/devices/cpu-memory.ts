import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';

/** The memory of the machine, or of the container that this process is in. */
export interface CpuMemory {
  readonly totalBytes: number;
  /** By all programs that share it; pages of files that would be dropped for them left out. */
  readonly usedBytes: number;
}

/** Takes some microseconds: it may be asked for at every placement. */
export function readCpuMemory(): CpuMemory {
  const total = totalmem();
  const machine = { totalBytes: total, usedBytes: total - (availableBytes() ?? freemem()) };
  const limit = process.constrainedMemory?.() ?? 0;
  // Without a limit it is 0 or a number beyond any machine.
  if (limit <= 0 || limit >= total) return machine;
  return { totalBytes: limit, usedBytes: Math.min(limit, cgroupUsedBytes() ?? machine.usedBytes) };
}

/** Linux' own estimate of what programs could still take; null on other systems. */
function availableBytes(): number | null {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(read('/proc/meminfo'))?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/** Of version 2, else of version 1. The kernel counts pages of files too, and gives up the inactive ones first. */
function cgroupUsedBytes(): number | null {
  for (const [usage, statistics, inactive] of [
    ['/sys/fs/cgroup/memory.current', '/sys/fs/cgroup/memory.stat', 'inactive_file'],
    [
      '/sys/fs/cgroup/memory/memory.usage_in_bytes',
      '/sys/fs/cgroup/memory/memory.stat',
      'total_inactive_file',
    ],
  ] as const) {
    const used = Number.parseInt(read(usage), 10);
    if (Number.isNaN(used)) continue;
    const droppable = new RegExp(`^${inactive} (\\d+)$`, 'm').exec(read(statistics))?.[1];
    return used - Number(droppable ?? 0);
  }
  return null;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
