import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../../../src/storage/embedded-postgres/embedded-postgres.ts';
import { dataDirectories } from '../../support/data-directory.ts';
import { copyProject, startServerProcess } from '../../support/server-process.ts';

const directories = dataDirectories();

describe('startEmbeddedPostgres', () => {
  test('creates a database and finds its rows again at the next start', async () => {
    const dataDir = directories.empty();
    const said: string[] = [];
    const first = await startEmbeddedPostgres({ dataDir, log: (line) => said.push(line) });
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(said).toEqual([`Creating the database in ${dataDir}`]);

    const second = await startEmbeddedPostgres({ dataDir });
    const client = new pg.Client(second.connection);
    await client.connect();
    expect((await client.query('SELECT answer FROM kept')).rows).toEqual([{ answer: 42 }]);
    await client.end();
    await second.stop();
    expect(await second.ended).toBe('PostgreSQL ended with the exit code 0');
  });

  test('is reached through a socket that only its owner can open, and in no other way', async () => {
    const server = await startEmbeddedPostgres({ dataDir: await directories.withDatabase() });
    expect(await query(server.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    expect((await stat(server.connection.host)).mode & 0o777).toBe(0o700);
    await server.stop();
    await expect(stat(server.connection.host)).rejects.toThrow('ENOENT');
  });

  test('commits to disk, speaks UTF-8 and orders text by code points', async () => {
    const server = await startEmbeddedPostgres({ dataDir: await directories.withDatabase() });
    const settings = `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
      current_setting('server_encoding') AS encoding, 'Z' < 'a' AS ordered, lower('É') AS lower`;
    expect(await query(server.url, settings)).toEqual([
      { fsync: 'on', commit: 'on', encoding: 'UTF8', ordered: true, lower: 'é' },
    ]);
    await server.stop();
  });

  test('completes a package that npm installed without its scripts, for two starts at once', async () => {
    const project = directories.empty();
    await copyProject(project);
    const dirs = await Promise.all([directories.withDatabase(), directories.withDatabase()]);
    const servers = await Promise.all(dirs.map((dataDir) => startServerProcess({ dataDir, project })));
    await Promise.all(servers.map((server) => server.stop()));
  });

  test('keeps its log short', async () => {
    const dataDir = await directories.withDatabase();
    await appendFile(join(dataDir, 'postgres.log'), 'x'.repeat(2 ** 20));
    await (await startEmbeddedPostgres({ dataDir })).stop();
    expect((await stat(join(dataDir, 'postgres.log'))).size).toBeLessThan(10_000);
    expect((await readdir(dataDir)).sort()).toEqual(['cluster', 'postgres.log', 'postgres.log.1']);
  });
});

describe('startEmbeddedPostgres refuses', () => {
  test('a data directory in use, naming the process that uses it', async () => {
    const dataDir = await directories.withDatabase();
    const other = await startServerProcess({ dataDir });
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      `in use by the server with the process id ${other.pid}. Stop it (kill ${other.pid}), choose another`,
    );
    await other.stop();

    const own = await startEmbeddedPostgres({ dataDir });
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow('which is this process');
    await own.stop();
  });

  test('the second of two starts at once on a new directory', async () => {
    const dataDir = directories.empty();
    const outcomes = await Promise.allSettled([
      startServerProcess({ dataDir }),
      startServerProcess({ dataDir }),
    ]);
    const servers = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(servers).toHaveLength(1);
    expect(String(refusals[0]?.reason)).toContain(
      `in use by the server with the process id ${servers[0]!.value.pid}`,
    );
    await servers[0]!.value.stop();
    expect((await readdir(dataDir)).sort()).toEqual(['cluster', 'postgres.log']);
  });

  test('database files of another major version', async () => {
    const dataDir = await directories.withDatabase();
    await writeFile(join(dataDir, 'cluster/PG_VERSION'), '13\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      /was made by PostgreSQL 13, and this version brings PostgreSQL \d+/,
    );
  });

  test('to put a database among files that are not its own', async () => {
    const dataDir = directories.empty();
    await mkdir(join(dataDir, 'cluster'), { recursive: true });
    await writeFile(join(dataDir, 'cluster/thesis.txt'), 'precious');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow('holds files but no database');
    expect(await readFile(join(dataDir, 'cluster/thesis.txt'), 'utf8')).toBe('precious');
  });

  test('a data directory that cannot be made', async () => {
    const file = directories.empty();
    await writeFile(file, '');
    await expect(startEmbeddedPostgres({ dataDir: join(file, 'data') })).rejects.toThrow(
      /The data directory .* cannot be written: ENOTDIR/,
    );
  });

  test("broken database files, with PostgreSQL's own words", async () => {
    const dataDir = await directories.withDatabase();
    await writeFile(join(dataDir, 'cluster/global/pg_control'), 'broken');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/did not start.*global\/pg_control/s);
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(sql).finally(() => client.end());
  return rows;
}
