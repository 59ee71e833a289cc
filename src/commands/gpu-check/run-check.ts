import { fork } from 'node:child_process';
import type { BackendName, BackendOptions } from '../../trainables/backends/backend.ts';
import { entryPoint } from '../../trainables/entry-point.ts';
import type { BackendCheck } from './check-backend.ts';

export interface CheckOrder extends BackendOptions {
  readonly backend: BackendName;
  readonly datasetsDir: string | null;
}

export type CheckAnswer = { readonly check: BackendCheck } | { readonly fault: string };

const timeoutMs = 600_000;

/** Checks a backend in a process of its own. Never rejects: what kills that process is its answer. */
export function runCheck(order: CheckOrder): Promise<CheckAnswer> {
  const { execArgv, path } = entryPoint('./check-process', import.meta.url);
  const child = fork(path, [JSON.stringify(order)], {
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let lastOutput = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    lastOutput = text.trim().split('\n').at(-1) ?? '';
  });
  return new Promise((resolve) => {
    child.once('message', (answer) => {
      resolve(answer as CheckAnswer);
      // An answer counts even where the driver hangs on the way out.
      child.kill('SIGKILL');
    });
    child.once('error', (error) => resolve({ fault: error.message }));
    child.once('close', (code, signal) =>
      resolve({ fault: `Its process ended (${signal ?? `exit code ${code}`}). ${lastOutput}`.trim() }),
    );
  });
}
