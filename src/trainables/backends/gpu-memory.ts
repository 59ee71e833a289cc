import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The memory of the first NVIDIA GPU as its driver tells it; null where there is none to ask. */
export async function gpuMemoryBytes(): Promise<number | null> {
  const query = ['--query-gpu=memory.total', '--format=csv,noheader,nounits', '--id=0'];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 5_000 });
    const mebibytes = Number(stdout.trim());
    return mebibytes > 0 ? mebibytes * 2 ** 20 : null;
  } catch {
    return null;
  }
}
