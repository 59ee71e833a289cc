import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Random } from '../../src/core/random.ts';
import type { WorkerSettings } from './worker.ts';

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const entry = join(import.meta.dirname, 'worker.ts');

interface LiveWorker {
  readonly process: ChildProcess;
  isFrozen: boolean;
  isKilled: boolean;
}

/** Workers outside the server, each in a process of its own; one that is killed is replaced. */
export class Workers {
  readonly #settings: Omit<WorkerSettings, 'name' | 'seed'>;
  readonly #random: Random;
  readonly #workers = new Set<LiveWorker>();
  /** Those that ended otherwise than they should. */
  readonly faults: string[] = [];
  #started = 0;

  constructor(settings: Omit<WorkerSettings, 'name' | 'seed'>, random: Random, count: number) {
    this.#settings = settings;
    this.#random = random;
    for (let i = 0; i < count; i++) this.#start();
  }

  #start(): void {
    const name = `worker-${++this.#started}`;
    const settings: WorkerSettings = { ...this.#settings, name, seed: this.#random.integer(2 ** 31) };
    const child = spawn(process.execPath, ['--import', tsx, entry, JSON.stringify(settings)], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let output = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const worker: LiveWorker = { process: child, isFrozen: false, isKilled: false };
    this.#workers.add(worker);
    child.once('exit', (code, signal) => {
      this.#workers.delete(worker);
      if (code !== 0 && !worker.isKilled) this.faults.push(`${name} ended with ${code ?? signal}: ${output}`);
    });
  }

  /** One that runs, chosen by the stream; undefined while all are frozen. */
  #choose(): LiveWorker | undefined {
    const running = [...this.#workers].filter(({ isFrozen, isKilled }) => !isFrozen && !isKilled);
    return running[this.#random.integer(Math.max(1, running.length))];
  }

  killOne(): boolean {
    const worker = this.#choose();
    if (worker === undefined) return false;
    worker.isKilled = true;
    worker.process.kill('SIGKILL');
    this.#start();
    return true;
  }

  /** Stops one by SIGSTOP. @returns how to let it go on, or null where there was none */
  freezeOne(): (() => void) | null {
    const worker = this.#choose();
    if (worker === undefined) return null;
    worker.isFrozen = true;
    worker.process.kill('SIGSTOP');
    return () => {
      worker.isFrozen = false;
      worker.process.kill('SIGCONT');
    };
  }

  /** Resolves when all have ended, which they do when no study is left to work on. */
  async finish(): Promise<void> {
    await Promise.all(
      [...this.#workers].map(async ({ process: child }) => {
        const ended = once(child, 'exit');
        if (child.connected) child.send('end');
        await ended;
      }),
    );
  }

  kill(): void {
    for (const worker of this.#workers) {
      worker.isKilled = true;
      worker.process.kill('SIGKILL');
    }
  }
}
