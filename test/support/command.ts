import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const main = resolve(import.meta.dirname, '../../dist/main.js');

/** The real program, compiled, in a process of its own. */
export interface Command {
  readonly pid: number;
  /** What it has written to standard output and standard error so far. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** Resolves when standard output or standard error has the text; rejects when the program ends without it. */
  printed(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  readonly exitCode: Promise<number | null>;
}

export function startCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  program = main,
): Command {
  if (!existsSync(program)) throw new Error('dist/ is missing: run `npm run build` first (npm test does)');
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, TRIALGRAPH_BACKEND: 'wasm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const look of waiting) look();
    });
  }
  const exitCode = new Promise<number | null>((end) => child.once('close', end));
  return {
    pid: child.pid!,
    output,
    exitCode,
    signal: (name) => void child.kill(name),
    printed: (text) =>
      new Promise((found, reject) => {
        const look = (): void => {
          if (!(output.stdout + output.stderr).includes(text)) return;
          waiting.delete(look);
          found();
        };
        waiting.add(look);
        look();
        void exitCode.then(() => reject(new Error(`It ended without "${text}":\n${output.stderr}`)));
      }),
  };
}

/** The processes with a text in their command line, such as a data directory: their ids and command lines. */
export function processesOf(text: string): { pid: number; command: string }[] {
  return execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+ /, '') }));
}
