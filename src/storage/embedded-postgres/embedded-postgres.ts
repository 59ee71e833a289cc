import { mkdirSync, realpathSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StorageStartError } from '../startup-error.ts';
import { type Account, chooseAccount } from './account.ts';
import { locateBinaries } from './binaries.ts';
import { prepareCluster, superuser } from './cluster.ts';
import { type Ending, type GuardedProcess, spawnGuarded } from './guarded-process.ts';
import { awaitPreviousServer } from './previous-server.ts';
import { ServerLog } from './server-log.ts';
import { serverSettings } from './settings.ts';
import { prepareSocketDirectory } from './socket-directory.ts';

/** Recovery after a crash replays up to max_wal_size, which takes a slow disk a while. */
const startTimeoutMs = 180_000;
/** How long the processes of a server that was killed may keep its shared memory. */
const leftoverTimeoutMs = 10_000;
const fastShutdownMs = 10_000;
const immediateShutdownMs = 7_000;

export interface EmbeddedPostgresOptions {
  /**
   * A directory for the server alone, created if missing: `cluster/` (PostgreSQL's data directory) and
   * `postgres.log`.
   */
  readonly dataDir: string;
  /** Is told, a line at a time, of steps that take a while. */
  readonly log?: (line: string) => void;
}

/** A running PostgreSQL that belongs to this process. */
export interface EmbeddedPostgres {
  /** Fits pg's PoolConfig. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
    readonly ssl: false;
  };
  /** The same as a URL, for Prisma, psql and pg. */
  readonly url: string;
  readonly pid: number;
  /** Resolves when PostgreSQL has ended, by stop() or otherwise, with a sentence that says how. */
  readonly ended: Promise<string>;
  /** Shuts down fast, or immediately where that takes longer than 10 s; resolves when PostgreSQL has ended. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on a Unix socket, first creating its database files if there are none, and resolves once it
 * takes connections. It ends with this process, however this process ends.
 *
 * @throws StorageStartError, with PostgreSQL's own last words, when it cannot be started.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const report = options.log ?? (() => {});
  const binaries = await locateBinaries();
  const dataDir = createDirectory(options.dataDir);
  const account = chooseAccount(binaries.postgres, dataDir);
  const log = openLog(dataDir);
  try {
    const cluster = await prepareCluster({ dataDir, binaries, account, log, report });
    const socketDirectory = await prepareSocketDirectory(dataDir, account);
    const server = await startServer({
      program: binaries.postgres,
      account,
      cluster,
      socketDirectory,
      log,
      report,
    });
    server.unref();
    return describeServer(server, socketDirectory);
  } finally {
    log.close(); // PostgreSQL has its own handle
  }
}

function createDirectory(path: string): string {
  try {
    mkdirSync(path, { recursive: true });
    return realpathSync(path);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

function openLog(dataDir: string): ServerLog {
  try {
    return new ServerLog(join(dataDir, 'postgres.log'));
  } catch (cause) {
    throw cannotWrite(dataDir, cause);
  }
}

function cannotWrite(path: string, cause: unknown): StorageStartError {
  return new StorageStartError(
    `The data directory ${path} cannot be written: ${(cause as Error).message}. Choose another or mend its permissions.`,
    { cause },
  );
}

interface ServerStart {
  readonly program: string;
  readonly account: Account;
  readonly cluster: string;
  readonly socketDirectory: string;
  readonly log: ServerLog;
  readonly report: (line: string) => void;
}

async function startServer(start: ServerStart): Promise<GuardedProcess> {
  const { cluster, socketDirectory, log } = start;
  const settings = Object.entries(serverSettings(socketDirectory)).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const giveUpAt = Date.now() + leftoverTimeoutMs;
  for (;;) {
    await awaitPreviousServer(cluster, socketDirectory, start.report);
    log.mark();
    const server = spawnGuarded(
      start.account,
      [start.program, '-D', cluster, ...settings],
      cluster,
      log.descriptor,
    );
    const outcome = await awaitReady(server, cluster, start.report);
    if (outcome === 'ready') return server;
    const words = await log.lastLines();
    // Another start was faster (the next round says whose), or the last server's processes still end.
    const mayPass = /lock file ".*" already exists|pre-existing shared memory block/.test(words);
    if (!mayPass || Date.now() > giveUpAt) {
      await rm(socketDirectory, { recursive: true, force: true });
      throw new StorageStartError(
        `PostgreSQL did not start in ${cluster}: it ${describeEnding(outcome)}. Its last words, from ${log.path}:\n${words}`,
      );
    }
    await sleep(50);
  }
}

/** Waits until the server takes connections; gives its ending if that comes first. */
async function awaitReady(
  server: GuardedProcess,
  cluster: string,
  report: (line: string) => void,
): Promise<Ending | 'ready'> {
  let ending: Ending | undefined;
  const ended = server.ended.then((how) => {
    ending = how;
    return how;
  });
  const slowAt = Date.now() + 2_000;
  const deadline = Date.now() + startTimeoutMs;
  let saidSlow = false;
  while (ending === undefined) {
    if (await isReady(server.pid, cluster)) return 'ready';
    if (!saidSlow && Date.now() > slowAt) {
      saidSlow = true;
      report('PostgreSQL is still starting; after a crash it first replays its log');
    }
    if (Date.now() > deadline) {
      server.kill('SIGQUIT');
      return ended;
    }
    await Promise.race([sleep(4), ended]);
  }
  return ending;
}

/** PostgreSQL writes its state into the eighth line of postmaster.pid. */
async function isReady(pid: number, cluster: string): Promise<boolean> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  return lines[0] === `${pid}` && lines[7]?.trim() === 'ready';
}

function describeServer(server: GuardedProcess, socketDirectory: string): EmbeddedPostgres {
  // `postgres` is the database that initdb makes for its superuser.
  const connection = {
    host: socketDirectory,
    port: 5432,
    user: superuser,
    database: 'postgres',
    ssl: false,
  } as const;
  const { user, port, database } = connection;
  return {
    connection,
    url: `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(socketDirectory)}`,
    pid: server.pid,
    ended: server.ended.then((how) => `PostgreSQL ${describeEnding(how)}`),
    stop: async () => {
      server.kill('SIGINT');
      const immediate = setTimeout(() => server.kill('SIGQUIT'), fastShutdownMs);
      const last = setTimeout(() => server.kill('SIGKILL'), fastShutdownMs + immediateShutdownMs);
      await server.ended;
      clearTimeout(immediate);
      clearTimeout(last);
      await rm(socketDirectory, { recursive: true, force: true });
    },
  };
}

function describeEnding({ code, signal }: Ending): string {
  return signal === null ? `ended with the exit code ${code}` : `was ended by the signal ${signal}`;
}
