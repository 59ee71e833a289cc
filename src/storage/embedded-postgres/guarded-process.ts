import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { Account } from './account.ts';

/**
 * Starts a guard, then becomes the program. The guard reads from a pipe whose other end only this Node process
 * holds. A line means that the program has ended; end-of-file means that Node has died, however it was killed,
 * so the program is interrupted (for PostgreSQL: a fast shutdown). It is forked twice so that the program never
 * sees it as a child of its own.
 */
const script = `
( ( read -r line <&3 || kill -INT $$ ) </dev/null >/dev/null 2>&1 & )
exec "$@" 3<&-
`;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GuardedProcess {
  /** The program's own process id, no shell's. */
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** Sends a signal; does nothing once the program has ended. */
  kill(signal: NodeJS.Signals): void;
  /** Lets this process end of itself while the program runs, which then ends too. */
  unref(): void;
}

/**
 * Starts a program that cannot outlive this process, in a session of its own (Ctrl-C in the terminal does not
 * reach it), as the given account, with its output appended to an open file.
 */
export function spawnGuarded(
  account: Account,
  command: string[],
  directory: string,
  output: number,
): GuardedProcess {
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...account.prefix, ...command], {
    cwd: directory,
    // Nothing else from our environment: PGOPTIONS and its like would change the server.
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    ...(account.switchesUser && { uid: account.uid, gid: account.gid }),
    stdio: ['ignore', output, output, 'pipe'],
    detached: true,
  });
  const guard = child.stdio[3] as Writable & { unref(): void };
  guard.on('error', () => {}); // the guard is gone, and with it the need to tell it anything

  return {
    pid: child.pid ?? -1,
    ended: ending(child).finally(() => guard.end('ended\n')),
    kill: (signal) => void child.kill(signal),
    unref: () => {
      child.unref();
      guard.unref();
    },
  };
}

function ending(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}
