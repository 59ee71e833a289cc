import { readdir, readFile } from 'node:fs/promises';

const sampleMs = 1000;

/** The peak of one group's memory. */
export interface MemoryWatch {
  /** In bytes; null while nothing is known. */
  readonly peakBytes: number | null;
  stop(): void;
}

/**
 * How much memory process groups have had at most: of the kernel's high-water marks of their processes and the sums over
 * all of them, sampled once a second, the largest. Pages that several processes share count for each. Linux only;
 * elsewhere nothing is known.
 */
export class GroupMemory {
  readonly #peaks = new Map<number, number | null>();
  #timer: NodeJS.Timeout | null = null;

  /** @param group the id of its leader */
  watch(group: number): MemoryWatch {
    this.#peaks.set(group, null);
    if (process.platform === 'linux' && this.#timer === null) this.#sampleLater();
    const peaks = this.#peaks;
    let last: number | null = null;
    return {
      get peakBytes() {
        return peaks.get(group) ?? last;
      },
      stop: () => {
        last = peaks.get(group) ?? last;
        peaks.delete(group);
      },
    };
  }

  #sampleLater(): void {
    this.#timer = setTimeout(async () => {
      this.#timer = null;
      if (this.#peaks.size === 0) return;
      await this.#sample();
      this.#sampleLater();
    }, sampleMs);
    this.#timer.unref();
  }

  async #sample(): Promise<void> {
    const sums = new Map<number, { resident: number; highest: number }>();
    for (const name of await readdir('/proc')) {
      if (!/^\d/.test(name)) continue;
      const group = groupOf(await readText(`/proc/${name}/stat`));
      if (group === null || !this.#peaks.has(group)) continue;
      const status = await readText(`/proc/${name}/status`);
      const sum = sums.get(group) ?? { resident: 0, highest: 0 };
      sum.resident += bytesOf(status, 'VmRSS');
      sum.highest = Math.max(sum.highest, bytesOf(status, 'VmHWM'));
      sums.set(group, sum);
    }
    for (const [group, { resident, highest }] of sums) {
      if (this.#peaks.has(group)) {
        this.#peaks.set(group, Math.max(this.#peaks.get(group) ?? 0, resident, highest));
      }
    }
  }
}

/** The process group in a line of /proc/PID/stat: the third field after the name, which may itself have parentheses. */
function groupOf(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.length > 2 ? Number(fields[2]) : null;
}

function bytesOf(status: string, field: string): number {
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return Number(kibibytes ?? 0) * 1024;
}

/** Empty for one that has just ended. */
async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
