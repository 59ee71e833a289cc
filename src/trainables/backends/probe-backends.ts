import { type ChildProcess, fork } from 'node:child_process';
import { entryPoint } from '../entry-point.ts';
import {
  type BackendName,
  type BackendOptions,
  backendNames,
  backendPackages,
  type LoadedBackend,
} from './backend.ts';
import { installHint, isInstalled } from './optional-package.ts';

/** Whether a backend works on this machine, and what it is or why not. */
export type BackendProbe =
  | WorkingBackend
  | { readonly name: BackendName; readonly works: false; readonly reason: string };
export type WorkingBackend = Pick<
  LoadedBackend,
  'name' | 'kind' | 'device' | 'version' | 'memoryBytes' | 'adapter'
> & {
  readonly works: true;
};

export interface ProbeOptions extends BackendOptions {
  /** The backends to try; all by default. */
  readonly backends?: readonly BackendName[];
  /** How long one may take to start and to train one step. */
  readonly timeoutMs?: number;
}

/**
 * Tries each backend in a process of its own, all at once: a GPU driver that crashes or hangs takes only that with it.
 * Answers in the order of preference.
 */
export function probeBackends(options: ProbeOptions = {}): Promise<BackendProbe[]> {
  const { backends = backendNames, timeoutMs = 30_000, allowSoftwareGpu = false } = options;
  const chosen = backendNames.filter((name) => backends.includes(name));
  return Promise.all(chosen.map((name) => probe(name, allowSoftwareGpu, timeoutMs)));
}

async function probe(name: BackendName, allowSoftwareGpu: boolean, timeoutMs: number): Promise<BackendProbe> {
  const packageName = backendPackages[name];
  if (!isInstalled(packageName)) return { name, works: false, reason: installHint(packageName) };
  const entry = entryPoint('./probe-process', import.meta.url);
  const child = fork(entry.path, [name, String(allowSoftwareGpu)], {
    execArgv: [...entry.execArgv],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  try {
    return await answerOf(child, name, timeoutMs);
  } finally {
    // An answer counts even where the driver hangs or crashes on the way out.
    child.kill('SIGKILL');
  }
}

function answerOf(child: ChildProcess, name: BackendName, timeoutMs: number): Promise<BackendProbe> {
  const fails = (reason: string): BackendProbe => ({ name, works: false, reason });
  let lastOutput = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    lastOutput = text.trim().split('\n').at(-1) ?? '';
  });
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve(fails(`It gave no answer within ${timeoutMs / 1000} s.`)),
      timeoutMs,
    );
    child.once('message', (answer) => resolve(answer as BackendProbe));
    child.once('error', (error) => resolve(fails(`Its process could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve(fails(`Its process crashed (${signal ?? `exit code ${code}`}). ${lastOutput}`.trim()));
    });
  });
}
