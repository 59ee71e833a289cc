import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../core/errors.ts';

/** How long the server may take to stop: its own limits for requests, trials and database, and some. */
const stopTimeoutMs = 30_000;
const logTailLines = 15;

export interface DemoServerOptions {
  readonly dataDir: string;
  readonly port?: number | undefined;
  readonly backend?: string | undefined;
}

/** The real server, `trialgraph serve`, in a process of its own that ends with this one. */
export interface DemoServer {
  readonly url: string;
  /** Aborted, with an OperatorError as its reason, when the server has ended. */
  readonly gone: AbortSignal;
  /** Resolves when the server and its database have ended. */
  stop(): Promise<void>;
}

/** @throws OperatorError with the last lines of the server's log, when it does not start */
export async function startDemoServer(options: DemoServerOptions): Promise<DemoServer> {
  const logPath = join(options.dataDir, 'server.log');
  const log = openLog(options.dataDir, logPath);
  const args = ['serve', '--data-dir', options.dataDir];
  if (options.port !== undefined) args.push('--port', String(options.port));
  if (options.backend !== undefined) args.push('--backend', options.backend);
  const child = fork(process.argv[1]!, args, {
    // Ctrl-C in the terminal is for this process, which first stops the study.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, NO_COLOR: '1', TRIALGRAPH_PORT_FALLBACK: 'true', TRIALGRAPH_LOG_FORMAT: 'pretty' },
  });
  const ended = endingOf(child);
  const gone = new AbortController();
  const noticed = ended.then(async (how) => {
    gone.abort(new OperatorError(`The server ended ${how}. ${await lastLines(logPath)}`));
  });
  const started = new Promise<string>((resolve) => {
    child.once('message', (message) => resolve((message as { url: string }).url));
  });
  const url = await Promise.race([started, noticed]);
  if (url === undefined) throw gone.signal.reason;
  return {
    url,
    gone: gone.signal,
    async stop() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await noticed;
      clearTimeout(timer);
    },
  };
}

function openLog(dataDir: string, path: string): number {
  try {
    mkdirSync(dataDir, { recursive: true });
    return openSync(path, 'w');
  } catch (cause) {
    throw new OperatorError(
      `${path} cannot be written: ${(cause as Error).message}. Choose another directory with --data-dir.`,
      { cause },
    );
  }
}

/** How a process ended, in words to follow "ended". */
function endingOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`before it began: ${error.message}`));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `with the exit code ${code}` : `by the signal ${signal}`),
    );
  });
}

async function lastLines(path: string): Promise<string> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n').slice(-logTailLines);
  return `The last lines of ${path}:\n\n${lines.join('\n')}`;
}
