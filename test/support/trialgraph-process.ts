import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const built = resolve(import.meta.dirname, '../../dist/main.js');

/** The real server, compiled, in a process of its own. */
export interface TrialgraphProcess {
  readonly url: string;
  readonly pid: number;
  /** Resolves when it has ended, however: to the exit code, and what it wrote last on standard error. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  /** Runs a GraphQL operation; throws with the errors' messages. */
  graphql<T = Record<string, unknown>>(query: string, variables?: object): Promise<T>;
  /** SIGKILL: nothing of it gets a chance to clean up. */
  kill(): Promise<void>;
  /** SIGTERM, and waits for the end. @returns the exit code */
  stop(): Promise<number | null>;
}

export interface TrialgraphOptions {
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The descriptor of the file that takes its log; this process's own output where absent. */
  readonly log?: number;
  /** The compiled program; the one of this repository where absent. */
  readonly main?: string;
}

/** Starts the server on a free port and waits until it listens. */
export async function startTrialgraph({
  dataDir,
  args = [],
  env = {},
  log,
  main = built,
}: TrialgraphOptions): Promise<TrialgraphProcess> {
  if (!existsSync(main)) throw new Error('dist/ is missing: run `npm run build` first (npm test does)');
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--data-dir', dataDir, ...args], {
    env: { ...process.env, TRIALGRAPH_BACKEND: 'wasm', TRIALGRAPH_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', log ?? 'inherit', 'pipe', 'ipc'],
  });
  let output = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-20_000);
    if (log !== undefined) writeSync(log, text);
  });
  const ended = new Promise<number | null>((resolveEnd) => child.once('exit', resolveEnd));
  const url = await listening(child, ended, () => output);
  return {
    url,
    pid: child.pid!,
    ended: ended.then((code) => ({ code, output })),
    graphql: (query, variables) => request(url, query, variables),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function listening(child: ChildProcess, ended: Promise<unknown>, output: () => string): Promise<string> {
  return new Promise((resolveUrl, reject) => {
    child.once('message', (message) => resolveUrl((message as { url: string }).url));
    void ended.then((code) => reject(new Error(`trialgraph serve ended with ${code}:\n${output()}`)));
  });
}

async function request<T>(url: string, query: string, variables: object = {}): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
  if (errors !== undefined) throw new Error(errors.map((error) => error.message).join('\n'));
  return data;
}

/** A directory that goes away with the scope: `await using directory = await temporaryDirectory()`. */
export async function temporaryDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'trialgraph-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
