import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface RunningProcess {
  readonly parentPid: number;
  /** The arguments, joined by spaces. */
  readonly command: string;
  /** The working directory, where the system lets us see it. */
  readonly directory: string | undefined;
}

/** What runs under a process id; undefined when nothing does, or only a zombie. */
export function readProcess(pid: number): Promise<RunningProcess | undefined> {
  return process.platform === 'linux' ? readProc(pid) : readPs(pid);
}

async function readProc(pid: number): Promise<RunningProcess | undefined> {
  try {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // "pid (name) state ppid ...", where the name may itself hold spaces and parentheses.
    const [state, parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    const directory = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return { parentPid: Number(parentPid), command: command.replaceAll('\0', ' ').trimEnd(), directory };
  } catch {
    return undefined;
  }
}

async function readPs(pid: number): Promise<RunningProcess | undefined> {
  const { stdout } = await promisify(execFile)('ps', [
    '-ww',
    '-o',
    'stat=,ppid=,command=',
    '-p',
    `${pid}`,
  ]).catch(
    () => ({ stdout: '' }), // ps fails when there is no such process
  );
  const [, state, parentPid, command] = /^\s*(\S+)\s+(\d+)\s+(.*)/.exec(stdout) ?? [];
  if (state === undefined || command === undefined || state.startsWith('Z')) return undefined;
  return { parentPid: Number(parentPid), command: command.trimEnd(), directory: undefined };
}
