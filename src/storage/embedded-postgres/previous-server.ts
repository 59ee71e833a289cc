import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StorageStartError } from '../startup-error.ts';
import { type RunningProcess, readProcess } from './process-table.ts';

const pollMs = 10;

/** The `cluster_name` of a server; it stands in its command line, so that anyone can see whose server it is. */
export function serverName(ownerPid: number): string {
  return `trialgraph-${ownerPid}`;
}

/**
 * Makes sure that no earlier PostgreSQL holds the database files.
 *
 * - A `postmaster.pid` whose process is gone, or whose number now belongs to another program, is removed together
 *   with the socket files. (PostgreSQL itself only looks whether a process of that number exists.)
 * - A server whose owner was killed is on its way out, see spawnGuarded: wait for it, then insist.
 * - A server whose owner is alive is left alone.
 *
 * @throws StorageStartError in the last case, naming the owner.
 */
export async function awaitPreviousServer(
  cluster: string,
  socketDirectory: string,
  report: (line: string) => void,
): Promise<void> {
  const pid = await readServerPid(cluster);
  if (pid === undefined) return;
  let server = await findServer(pid, cluster);
  if (server !== undefined) {
    const owner = ownerOf(server);
    if (owner === undefined || owner === server.parentPid) throw inUse(cluster, pid, owner);
    report(`Waiting for the PostgreSQL ${pid} of an earlier server (${owner}) that was killed to shut down`);
  }
  for (const [signal, patienceMs] of escalation) {
    if (server === undefined) break;
    if (signal !== undefined) process.kill(pid, signal);
    const deadline = Date.now() + patienceMs;
    while (server !== undefined && Date.now() < deadline) {
      await sleep(pollMs);
      server = await findServer(pid, cluster);
    }
  }
  if (server !== undefined) {
    throw new StorageStartError(
      `The PostgreSQL ${pid} in ${cluster} cannot be stopped. Stop it: kill -9 ${pid}`,
    );
  }
  // Read again: another start may have put its own server here while we looked.
  if ((await readServerPid(cluster)) !== pid) return;
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock'])
    await rm(join(socketDirectory, name), { force: true });
}

/** Its own fast shutdown first; then an immediate one, from which the next start recovers; then none at all. */
const escalation: readonly (readonly [NodeJS.Signals | undefined, number])[] = [
  [undefined, 2_000],
  ['SIGQUIT', 7_000],
  ['SIGKILL', 3_000],
];

async function readServerPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  // A standalone backend writes its number negated.
  return Math.abs(Number.parseInt(text, 10)) || undefined;
}

async function findServer(pid: number, cluster: string): Promise<RunningProcess | undefined> {
  const found = await readProcess(pid);
  if (found === undefined || !found.command.includes('postgres')) return undefined;
  const isHere =
    found.directory === undefined ? found.command.includes(cluster) : found.directory === cluster;
  return isHere ? found : undefined;
}

function ownerOf(server: RunningProcess): number | undefined {
  const match = new RegExp(`cluster_name=${serverName(0).slice(0, -1)}(\\d+)`).exec(server.command);
  return match === null ? undefined : Number(match[1]);
}

function inUse(cluster: string, pid: number, owner: number | undefined): StorageStartError {
  const holder =
    owner === undefined
      ? `a PostgreSQL that was started by hand (process ${pid})`
      : `the server with the process id ${owner}${owner === process.pid ? ', which is this process' : ''}`;
  return new StorageStartError(
    `The database in ${cluster} is in use by ${holder}. ` +
      `Stop it (kill ${owner ?? pid}), choose another data directory, or set DATABASE_URL so that several servers share one database.`,
  );
}
