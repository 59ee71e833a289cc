import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Client, createClient } from '../../src/client/index.ts';
import { superuser } from '../../src/storage/embedded-postgres/cluster.ts';
import { readProcess } from '../../src/storage/embedded-postgres/process-table.ts';
import { type Proxy as NetworkProxy, startProxy } from '../support/proxy.ts';
import { startTrialgraph, type TrialgraphProcess } from '../support/trialgraph-process.ts';
import { Ledger } from './ledger.ts';
import { SmallDisk } from './small-disk.ts';

/** Small, so that a trial can fill it within a second. */
const heapMiB = 160;

/** The server under fire, with its own PostgreSQL, behind a proxy whose address stays the same. */
export class Arena {
  readonly directory: string;
  readonly proxy: NetworkProxy;
  readonly client: Client;
  readonly disk: SmallDisk;
  readonly ledger: Ledger;
  readonly #log: number;
  #server: TrialgraphProcess;
  #isEnding = false;
  /** Rejects when the server ends by itself. */
  readonly collapse: Promise<never>;
  #onCollapse!: (error: Error) => void;

  private constructor(parts: {
    directory: string;
    proxy: NetworkProxy;
    disk: SmallDisk;
    log: number;
    server: TrialgraphProcess;
  }) {
    this.directory = parts.directory;
    this.proxy = parts.proxy;
    this.disk = parts.disk;
    this.#log = parts.log;
    this.#server = parts.server;
    this.collapse = new Promise((_, reject) => {
      this.#onCollapse = reject;
    });
    this.collapse.catch(() => {});
    this.#guard();
    this.ledger = new Ledger(this.ledgers, 'arena');
    this.client = createClient({
      url: this.proxy.url,
      timeoutMs: 10_000,
      retryForMs: 120_000,
      keepAliveMs: 2000,
    });
  }

  static async open(): Promise<Arena> {
    const directory = await mkdtemp(join(tmpdir(), 'trialgraph-chaos-'));
    const log = openSync(join(directory, 'server.log'), 'a');
    const disk = new SmallDisk(join(directory, 'data', 'artifacts'));
    const server = await startServer(directory, log);
    const proxy = await startProxy(server.url);
    return new Arena({ directory, proxy, disk, log, server });
  }

  get ledgers(): string {
    return join(this.directory, 'ledgers');
  }

  /** Ends the server in some way, and starts it again. */
  async restart(end: (server: TrialgraphProcess) => Promise<unknown>): Promise<void> {
    this.#isEnding = true;
    await end(this.#server);
    this.#server = await startServer(this.directory, this.#log);
    this.proxy.target = this.#server.url;
    this.#isEnding = false;
    this.#guard();
  }

  #guard(): void {
    const server = this.#server;
    void server.ended.then(({ code, output }) => {
      if (this.#isEnding || server !== this.#server) return;
      this.#onCollapse(new Error(`The server ended by itself, with ${code}:\n${output}`));
    });
  }

  /** SIGTERM. @returns the exit code */
  stop(): Promise<number | null> {
    this.#isEnding = true;
    this.client.close();
    return this.#server.stop();
  }

  /** The processes of the server's trials. */
  async trialProcesses(): Promise<number[]> {
    const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
    const found = await Promise.all(pids.map(async (pid) => ({ pid, ...(await readProcess(pid)) })));
    return found
      .filter(
        ({ parentPid, command }) => parentPid === this.#server.pid && command?.includes('trial-process'),
      )
      .map(({ pid }) => pid);
  }

  /** The process id of the server's PostgreSQL. */
  postmasterPid(): Promise<number> {
    return oncePostgresRuns(async () => Number((await this.#postmasterFile())[0]));
  }

  /** Asks the server's PostgreSQL directly. */
  sql<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    return oncePostgresRuns(async () => {
      const client = await this.#connect();
      return work(client).finally(() => client.end().catch(() => {}));
    });
  }

  async #connect(): Promise<pg.Client> {
    const host = (await this.#postmasterFile())[4]!;
    const client = new pg.Client({ host, port: 5432, user: superuser, database: 'postgres' });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async #postmasterFile(): Promise<string[]> {
    const path = join(this.directory, 'data', 'postgres', 'cluster', 'postmaster.pid');
    return (await readFile(path, 'utf8')).split('\n');
  }

  /** @param keep leaves the files, to be looked at */
  async close({ keep }: { keep: boolean }): Promise<void> {
    this.#isEnding = true;
    this.client.close();
    await this.#server.kill();
    await this.proxy[Symbol.asyncDispose]();
    closeSync(this.#log);
    if (keep) return;
    await this.disk.remove();
    await rm(this.directory, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** It may just be starting. */
async function oncePostgresRuns<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 300) throw error;
      await sleep(100);
    }
  }
}

function startServer(directory: string, log: number): Promise<TrialgraphProcess> {
  return startTrialgraph({
    dataDir: join(directory, 'data'),
    args: ['--slots', '3'],
    env: {
      TRIALGRAPH_BACKEND: 'cpu',
      TRIALGRAPH_TRAINABLES_DIR: join(import.meta.dirname, 'trainables'),
      NODE_OPTIONS: `--max-old-space-size=${heapMiB}`,
    },
    log,
  });
}
