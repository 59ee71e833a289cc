import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants, setPriority } from 'node:os';
import { GroupMemory, type MemoryWatch } from './group-memory.ts';
import { Lifeline } from './lifeline.ts';
import { endMarkedProcesses, runMark } from './marked-processes.ts';
import { outOfMemoryKills, type ProcessEnd } from './process-end.ts';

export interface GroupOptions extends Pick<SpawnOptions, 'stdio' | 'serialization' | 'cwd'> {
  readonly env: NodeJS.ProcessEnv;
}

/** How long output may still come after the end: of a process that has left the group and holds the pipe. */
const outputGraceMs = 1000;
/** Below the server's own threads: training must not make them wait for a core. */
const priority = constants.priority.PRIORITY_BELOW_NORMAL;

/** Starts processes, each with a group of its own, and sees to it that none outlives this process. */
export class ProcessGroups {
  readonly #lifeline = new Lifeline();
  readonly #memory = new GroupMemory();
  readonly #owner: string;

  /** @param owner what begins the marks of the processes; another server on this machine has another */
  constructor(owner: string) {
    this.#owner = owner;
  }

  /** Ends what an earlier process of this server has left behind, as daemons do. */
  async endLeftovers(): Promise<void> {
    await endMarkedProcesses(`${this.#owner}/`);
  }

  start(file: string, args: readonly string[], options: GroupOptions): ProcessGroup {
    const mark = `${this.#owner}/${randomUUID()}`;
    return new ProcessGroup(file, args, { ...options, mark }, this.#lifeline, this.#memory);
  }

  /** To be called when all groups have ended. */
  close(): void {
    this.#lifeline.close();
  }
}

/** A process and all that it has started, which ends with it. */
export class ProcessGroup {
  /** Null where it could not be started. */
  readonly child: ChildProcess | null = null;
  /** Resolves when nothing of it is left and its output has been read. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  readonly #mark: string;
  readonly #lifeline: Lifeline;
  #memory: MemoryWatch | null = null;
  #killTimer: NodeJS.Timeout | undefined;
  #hasEnded = false;

  constructor(
    file: string,
    args: readonly string[],
    { env, mark, ...options }: GroupOptions & { readonly mark: string },
    lifeline: Lifeline,
    memory: GroupMemory,
  ) {
    this.#mark = mark;
    this.#lifeline = lifeline;
    const killsBefore = outOfMemoryKills();
    try {
      const child = spawn(file, args, {
        ...options,
        env: { ...env, [runMark]: mark },
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
      this.child = child;
      if (child.pid !== undefined) {
        lifeline.add(child.pid);
        this.#memory = memory.watch(child.pid);
        lower(child.pid);
      }
      this.ended = endOf(child).then((end) => this.#clear(child, end, killsBefore));
    } catch (error) {
      this.ended = Promise.resolve({ how: 'not started', reason: (error as Error).message });
    }
  }

  /** In bytes; null while nothing is known. */
  get peakBytes(): number | null {
    return this.#memory?.peakBytes ?? null;
  }

  /** Asks all of the group to end, and ends by force after `graceMs` what has not. */
  end(graceMs: number): void {
    if (this.#hasEnded || this.#killTimer !== undefined) return;
    this.#signal('SIGTERM');
    this.#killTimer = setTimeout(() => this.kill(), graceMs);
  }

  /** Ends all of the group by force. */
  kill(): void {
    if (!this.#hasEnded) this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, signal);
    } catch {
      // Nothing is left to be signalled.
    }
  }

  async #clear(child: ChildProcess, end: ProcessEnd, killsBefore: Promise<number>): Promise<ProcessEnd> {
    clearTimeout(this.#killTimer);
    // What the process has started and left behind, in its group or out of it.
    this.#signal('SIGKILL');
    this.#hasEnded = true;
    this.#memory?.stop();
    if (child.pid !== undefined) this.#lifeline.remove(child.pid);
    await endMarkedProcesses(this.#mark);
    await outputOf(child);
    if (end.how !== 'signal' || end.signal !== 'SIGKILL') return end;
    return { ...end, outOfMemory: (await outOfMemoryKills()) > (await killsBefore) };
  }
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(
        signal === null ? { how: 'code', code: code ?? 0 } : { how: 'signal', signal, outOfMemory: false },
      ),
    );
    // Also for messages that could not be sent: then it runs.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ how: 'not started', reason: error.message });
    });
  });
}

/** Resolves when both streams have ended. */
async function outputOf({ stdout, stderr }: ChildProcess): Promise<void> {
  const ends = [stdout, stderr].map((stream) => {
    if (stream == null || stream.closed) return undefined;
    return new Promise<void>((resolve) => stream.once('close', resolve));
  });
  const cutOff = setTimeout(() => {
    stdout?.destroy();
    stderr?.destroy();
  }, outputGraceMs);
  await Promise.all(ends);
  clearTimeout(cutOff);
}

function lower(pid: number): void {
  try {
    setPriority(pid, priority);
  } catch {
    // It has ended already.
  }
}
