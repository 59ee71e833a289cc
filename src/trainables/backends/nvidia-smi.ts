import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A GPU as NVIDIA's driver tells of it. */
export interface NvidiaGpu {
  /** By place on the bus, as nvidia-smi counts; CUDA itself may count the fastest first. */
  readonly index: number;
  /** `GPU-...`: what names it in CUDA_VISIBLE_DEVICES whatever the order. */
  readonly uuid: string;
  readonly name: string;
  /** Null where the driver does not tell, as on boards whose GPU has no memory of its own. */
  readonly memoryBytes: number | null;
  /** By all programs of the machine. */
  readonly usedBytes: number | null;
}

/** The GPUs that there are, or why there are none to be seen. */
export type NvidiaGpus =
  | { readonly gpus: readonly NvidiaGpu[] }
  | { readonly gpus: readonly []; readonly reason: string };

const query = [
  '--query-gpu=index,uuid,memory.total,memory.used,name',
  '--format=csv,noheader,nounits',
] as const;
const mebibyte = 2 ** 20;

/** Asks `nvidia-smi`: tens of milliseconds a call. Never throws. */
export async function nvidiaGpus(
  visible: string | undefined = process.env.CUDA_VISIBLE_DEVICES,
): Promise<NvidiaGpus> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', [...query], { timeout: 10_000 });
    const gpus = parseNvidiaGpus(stdout);
    if (gpus.length === 0) return { gpus: [], reason: 'nvidia-smi lists no GPU.' };
    const chosen = visibleGpus(gpus, visible);
    return chosen.length > 0
      ? { gpus: chosen }
      : {
          gpus: [],
          reason: `CUDA_VISIBLE_DEVICES is "${visible}", which hides every GPU from this process.`,
        };
  } catch (error) {
    return { gpus: [], reason: whyNot(error as NodeJS.ErrnoException & { stdout?: string }) };
  }
}

/** Reads what the query prints: a line a GPU. The name comes last, as it may hold commas. */
export function parseNvidiaGpus(output: string): NvidiaGpu[] {
  return output
    .split(/\r?\n/)
    .map((line) => /^\s*(\d+), *([^,]+), *([^,]+), *([^,]+), *(.+?)\s*$/.exec(line))
    .filter((match) => match !== null)
    .map(([, index, uuid, total, used, name]) => ({
      index: Number(index),
      uuid: uuid!,
      name: name!,
      memoryBytes: bytesOf(total!),
      usedBytes: bytesOf(used!),
    }));
}

/**
 * Those that CUDA would show a program with this CUDA_VISIBLE_DEVICES: indices or beginnings of UUIDs, up to the first
 * that names none. Undefined: all.
 */
export function visibleGpus(gpus: readonly NvidiaGpu[], visible: string | undefined): NvidiaGpu[] {
  if (visible === undefined) return [...gpus];
  const chosen: NvidiaGpu[] = [];
  for (const entry of visible.split(',').map((part) => part.trim())) {
    const gpu = gpus.find(({ index, uuid }) =>
      /^\d+$/.test(entry) ? index === Number(entry) : entry !== '' && uuid.startsWith(entry),
    );
    if (gpu === undefined || chosen.includes(gpu)) break;
    chosen.push(gpu);
  }
  return chosen;
}

/** The GPU that is meant by words that hold its name, as those of a WebGPU adapter do; an only one by its maker's. */
export function gpuNamed<G extends Pick<NvidiaGpu, 'name'>>(
  gpus: readonly G[],
  words: string,
): G | undefined {
  const named = gpus.find(({ name }) => words.includes(name.replace(/^NVIDIA /, '')));
  return named ?? (gpus.length === 1 && /nvidia/i.test(words) ? gpus[0] : undefined);
}

/** `[N/A]`, `N/A` or `[Not Supported]` in place of mebibytes. */
function bytesOf(field: string): number | null {
  return /^\d+$/.test(field) ? Number(field) * mebibyte : null;
}

function whyNot(error: NodeJS.ErrnoException & { readonly stdout?: string }): string {
  if (error.code === 'ENOENT') return 'nvidia-smi, which comes with NVIDIA’s driver, is not installed.';
  const [said] = (error.stdout ?? '').trim().split('\n');
  return `nvidia-smi failed: ${said || error.message}`;
}
