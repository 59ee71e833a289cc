import { readdir, readFile } from 'node:fs/promises';

/** The environment variable by which a process is known to belong to a run, with all that it has started. */
export const runMark = 'TRIALGRAPH_RUN';

const maxRounds = 10;

/**
 * Ends every process whose `TRIALGRAPH_RUN` begins with `prefix`: also those that have left the process group of their
 * run, as daemons do. Linux only; elsewhere they are not found.
 */
export async function endMarkedProcesses(prefix: string): Promise<void> {
  // One that was just starting another is found with its child in the next round.
  for (let round = 0; round < maxRounds; round++) {
    const found = await markedProcesses(prefix);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

/** The processes whose mark begins with `prefix`, this one left out. */
export async function markedProcesses(prefix: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const wanted = Buffer.from(`\0${runMark}=${prefix}`);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    if (pid !== process.pid && (await environmentOf(pid)).includes(wanted)) found.push(pid);
  }
  return found;
}

/** Empty for those of other users, for zombies, and for those that have just ended. */
async function environmentOf(pid: number): Promise<Buffer> {
  try {
    return Buffer.concat([Buffer.from('\0'), await readFile(`/proc/${pid}/environ`)]);
  } catch {
    return Buffer.alloc(0);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
