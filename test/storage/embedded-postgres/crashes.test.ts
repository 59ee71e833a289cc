import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../../../src/storage/embedded-postgres/embedded-postgres.ts';
import { keepPostgresRunning } from '../../../src/storage/embedded-postgres/keep-running.ts';
import { readProcess } from '../../../src/storage/embedded-postgres/process-table.ts';
import { dataDirectories } from '../../support/data-directory.ts';
import { spawnServerProcess, startServerProcess } from '../../support/server-process.ts';

const directories = dataDirectories();

describe('when the server is killed', () => {
  test('PostgreSQL ends by itself, and every acknowledged row is there again', async () => {
    const dataDir = await directories.withDatabase();
    const server = await startServerProcess({ dataDir });
    const writer = startWriter(server.url);
    await writer.wrote(50);
    await server.kill();
    await waitUntil(async () => (await readProcess(server.postgresPid)) === undefined);
    const acknowledged = await writer.ended;
    expect(await countAfterRestart(dataDir)).toBeGreaterThanOrEqual(acknowledged);
  });

  test('the next start waits for its PostgreSQL to end', async () => {
    const dataDir = await directories.withDatabase();
    const server = await startServerProcess({ dataDir });
    const writer = startWriter(server.url);
    await writer.wrote(50);
    await server.kill();
    const count = await countAfterRestart(dataDir);
    expect(count).toBeGreaterThanOrEqual(await writer.ended);
  });

  test.skipIf(process.platform !== 'linux')(
    'together with the guard, the next start ends its PostgreSQL',
    async () => {
      const dataDir = await directories.withDatabase();
      const server = await startServerProcess({ dataDir });
      const writer = startWriter(server.url);
      await writer.wrote(50);
      process.kill(await findGuard(dataDir), 'SIGKILL');
      await server.kill();
      expect(await readProcess(server.postgresPid)).toBeDefined();

      const said: string[] = [];
      const next = await startEmbeddedPostgres({ dataDir, log: (line) => said.push(line) });
      expect(said[0]).toContain(`PostgreSQL ${server.postgresPid} of an earlier server (${server.pid})`);
      expect(await readProcess(server.postgresPid)).toBeUndefined();
      expect(await countRows(next.url)).toBeGreaterThanOrEqual(await writer.ended);
      await next.stop();
    },
  );

  test('while it creates the database, the next start creates it anew', async () => {
    const dataDir = directories.empty();
    const child = spawnServerProcess({ dataDir });
    const unfinished = async () =>
      (await readdir(dataDir).catch(() => [])).find((name) => name.includes('.init-'));
    await waitUntil(async () => {
      const name = await unfinished();
      return name !== undefined && (await readdir(join(dataDir, name))).includes('base');
    });
    child.kill('SIGKILL');
    await once(child, 'exit');

    await (await startEmbeddedPostgres({ dataDir })).stop();
    expect((await readdir(dataDir)).sort()).toEqual(['cluster', 'postgres.log']);
  });
});

describe('when PostgreSQL is killed', () => {
  test('its end is told, and the next start recovers every acknowledged row', async () => {
    const dataDir = await directories.withDatabase();
    const server = await startEmbeddedPostgres({ dataDir });
    const writer = startWriter(server.url);
    await writer.wrote(50);
    process.kill(server.pid, 'SIGKILL');
    expect(await server.ended).toBe('PostgreSQL was ended by the signal SIGKILL');
    const count = await countAfterRestart(dataDir);
    expect(count).toBeGreaterThanOrEqual(await writer.ended);
    await server.stop(); // does nothing
  });

  test('again and again, one that is kept running is there again, until it is stopped', async () => {
    const dataDir = await directories.withDatabase();
    const kept = await keepPostgresRunning({ dataDir });
    const pool = new pg.Pool({ ...kept.connection, max: 1 });
    pool.on('error', () => {});
    const postmaster = async () =>
      Number.parseInt(await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8'), 10);
    const answers = () =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      );
    for (let kill = 0; kill < 3; kill++) {
      const pid = await postmaster();
      process.kill(pid, 'SIGKILL');
      await waitUntil(async () => (await postmaster().catch(() => pid)) !== pid && (await answers()));
    }
    const last = await postmaster();
    process.kill(last, 'SIGKILL'); // stopped while it starts again
    await kept.stop();
    // A process of the killed server may still take one question before it hears that it is alone.
    await waitUntil(async () => !(await answers()));
    await pool.end();
    await (await startEmbeddedPostgres({ dataDir })).stop();
  });
});

describe('a postmaster.pid left behind', () => {
  test.each([
    ['of a process that is gone', 2 ** 22 - 1],
    ['whose number now belongs to another program', process.pid],
  ])('%s does not hinder a start', async (_, pid) => {
    const dataDir = await directories.withDatabase();
    const first = await startEmbeddedPostgres({ dataDir });
    const content = await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8');
    await first.stop();
    await writeFile(join(dataDir, 'cluster/postmaster.pid'), content.replace(/^\d+/, `${pid}`));
    await (await startEmbeddedPostgres({ dataDir })).stop();
  });
});

interface Writer {
  wrote(rows: number): Promise<void>;
  /** The number of rows acknowledged before the connection broke. */
  readonly ended: Promise<number>;
}

/** Commits row after row until the connection breaks. */
function startWriter(url: string): Writer {
  let acknowledged = 0;
  const client = new pg.Client(url);
  client.on('error', () => {}); // the broken connection; the query in flight rejects too
  const write = async () => {
    await client.connect();
    await client.query('CREATE TABLE written (n INTEGER)');
    for (;;) {
      await client.query('INSERT INTO written VALUES ($1)', [acknowledged]);
      acknowledged++;
    }
  };
  return {
    wrote: (rows) => waitUntil(async () => acknowledged >= rows),
    ended: write().catch(() => acknowledged),
  };
}

async function countAfterRestart(dataDir: string): Promise<number> {
  const server = await startEmbeddedPostgres({ dataDir });
  const count = await countRows(server.url);
  await server.stop();
  return count;
}

async function countRows(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM written');
  await client.end();
  return rows[0]!.count;
}

async function findGuard(dataDir: string): Promise<number> {
  for (const name of await readdir('/proc')) {
    const found = /^\d+$/.test(name) ? await readProcess(Number(name)) : undefined;
    if (found?.command.includes('read -r line <&3') && found.command.includes(dataDir)) return Number(name);
  }
  throw new Error('no guard runs');
}

async function waitUntil(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await sleep(5);
  }
}
