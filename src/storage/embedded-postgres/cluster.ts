import { chown, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageStartError } from '../startup-error.ts';
import type { Account } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';
import { spawnGuarded } from './guarded-process.ts';
import { readProcess } from './process-table.ts';
import type { ServerLog } from './server-log.ts';

/** The superuser that initdb makes; whoever can reach the socket is this user. */
export const superuser = 'trialgraph';

/** Where and how the database files are made. */
export interface ClusterSite {
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly account: Account;
  readonly log: ServerLog;
  readonly report: (line: string) => void;
}

const unfinishedPrefix = 'cluster.init-';

/**
 * The database files in `dataDir`, created if there are none. They appear under their final name only once they
 * are complete and on disk, so a start that is killed halfway leaves nothing that a later one would mistake for
 * a database.
 *
 * @returns the path of the PostgreSQL data directory
 * @throws StorageStartError when the files are of another major version, or cannot be created
 */
export async function prepareCluster(site: ClusterSite): Promise<string> {
  const { dataDir, binaries } = site;
  const cluster = join(dataDir, 'cluster');
  await removeUnfinished(dataDir);
  const found = await readMajorVersion(cluster);
  if (found === undefined) {
    site.report(`Creating the database in ${dataDir}`);
    await createCluster(site, cluster);
  } else if (found !== binaries.majorVersion) {
    throw new StorageStartError(
      `${cluster} was made by PostgreSQL ${found}, and this version brings PostgreSQL ${binaries.majorVersion}. ` +
        `Either keep the data (dump it with pg_dumpall of PostgreSQL ${found}, restore it into a new data ` +
        `directory, or run a PostgreSQL ${found} on it and set DATABASE_URL), or choose another data directory.`,
    );
  }
  return cluster;
}

async function readMajorVersion(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (text !== undefined) return Number.parseInt(text, 10);
  const entries = await readdir(cluster).catch(() => []);
  if (entries.length === 0) return undefined;
  throw new StorageStartError(
    `${cluster} holds files but no database (PG_VERSION is missing). Move it away, or choose another data directory.`,
  );
}

async function createCluster(
  { dataDir, binaries, account, log }: ClusterSite,
  cluster: string,
): Promise<void> {
  const unfinished = await mkdtemp(join(dataDir, `${unfinishedPrefix}${process.pid}-`));
  await chown(unfinished, account.uid, account.gid);
  log.mark();
  const initdb = spawnGuarded(
    account,
    [binaries.initdb, ...initdbOptions, '-D', unfinished],
    dataDir,
    log.descriptor,
  );
  const { code, signal } = await initdb.ended;
  if (code !== 0) {
    await rm(unfinished, { recursive: true, force: true });
    throw new StorageStartError(
      `A database could not be created in ${dataDir} (initdb ended with ${signal ?? code}):\n${await log.lastLines()}`,
    );
  }
  try {
    await rename(unfinished, cluster); // initdb has synced the files
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rm(unfinished, { recursive: true, force: true }); // another process was faster
  }
  const directory = await open(dataDir);
  await directory.sync().finally(() => directory.close());
}

const initdbOptions = [
  `--username=${superuser}`,
  '--encoding=UTF8',
  '--locale=C',
  // Code-point order on every machine, with Unicode's upper and lower case.
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--auth-local=trust',
  '--auth-host=reject',
  '--no-instructions',
];

/** Removes what starts that were killed during initdb have left. */
async function removeUnfinished(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(unfinishedPrefix)) continue;
    const creator = Number.parseInt(name.slice(unfinishedPrefix.length), 10);
    if (await readProcess(creator)) continue;
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 });
  }
}
