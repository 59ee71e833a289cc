import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { migrationsDirectory } from '../../src/storage/migration-files.ts';
import { migrate } from '../../src/storage/migrator.ts';
import { StorageStartError } from '../../src/storage/startup-error.ts';
import { createBareDatabase, createTestDatabase } from '../support/postgres.ts';
import { loadSchemaEngine } from '../support/schema-engine.ts';

const temporary = await mkdtemp(join(tmpdir(), 'migrations-'));
afterAll(() => rm(temporary, { recursive: true }));

const first = { '20260101000000_first': 'CREATE TABLE a (id INTEGER);\nINSERT INTO a VALUES (1);\n' };
const second = { '20260102000000_second': 'CREATE TABLE b (id INTEGER);\n' };
const migrated = await createTestDatabase();
const firstOnly = await writeMigrations(first);
const both = await writeMigrations({ ...second, ...first });

describe('migrate', () => {
  test('applies what is missing, in the order of the names, and only once', async () => {
    await using database = await createBareDatabase();
    expect(await migrate(database.pool, firstOnly)).toEqual({ applied: ['20260101000000_first'] });
    expect(await migrate(database.pool, both)).toEqual({ applied: ['20260102000000_second'] });
    expect(await migrate(database.pool, both)).toEqual({ applied: [] });
    expect(await tablesOf(database.pool)).toEqual(['a', 'b']);
  });

  test('finds the migrations of this package by itself', async () => {
    const { pool } = migrated;
    expect(await migrate(pool)).toEqual({ applied: [] });
    expect(await tablesOf(pool)).toContain('study');
  });

  test('lets servers that start at once wait for one another', async () => {
    await using database = await createBareDatabase();
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => migrate(database.pool, both)));
    expect(outcomes.filter(({ applied }) => applied.length === 2)).toHaveLength(1);
    expect(outcomes.filter(({ applied }) => applied.length === 0)).toHaveLength(3);
  });

  test('leaves nothing behind of a migration that fails, and applies it once it is mended', async () => {
    await using database = await createBareDatabase();
    const broken = await writeMigrations({
      ...first,
      '20260103000000_bad': 'CREATE TABLE c ();\nSELECT 1 +;\n',
    });
    await expect(migrate(database.pool, broken)).rejects.toThrow(
      /20260103000000_bad failed \(line 2\): syntax error at or near ";"/,
    );
    expect(await tablesOf(database.pool)).toEqual(['a']);

    const mended = await writeMigrations({ ...first, '20260103000000_bad': 'CREATE TABLE c ();\n' });
    expect(await migrate(database.pool, mended)).toEqual({ applied: ['20260103000000_bad'] });
  });

  test('runs a statement that refuses transactions outside of one', async () => {
    await using database = await createBareDatabase();
    const concurrent = { '20260103000000_index': 'CREATE INDEX CONCURRENTLY a_id ON a (id);' };
    await migrate(database.pool, await writeMigrations({ ...first, ...concurrent }));
    const { rows } = await database.pool.query(`SELECT to_regclass('a_id') IS NOT NULL AS found`);
    expect(rows).toEqual([{ found: true }]);
  });

  test('stops at a migration that failed outside a transaction, until it is marked as rolled back', async () => {
    await using database = await createBareDatabase();
    await migrate(database.pool, firstOnly);
    await database.pool.query('INSERT INTO a VALUES (1)');
    const concurrent = { '20260103000000_unique': 'CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);' };
    const directory = await writeMigrations({ ...first, ...concurrent });
    await expect(migrate(database.pool, directory)).rejects.toThrow('could not create unique index');
    await expect(migrate(database.pool, directory)).rejects.toThrow(
      /20260103000000_unique was begun and did not end: could not create unique index/,
    );

    await database.pool.query(`DROP INDEX a_id; DELETE FROM a;
      UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL`);
    expect(await migrate(database.pool, directory)).toEqual({ applied: ['20260103000000_unique'] });
  });

  test('refuses a database whose applied migration has changed', async () => {
    await using database = await createBareDatabase();
    await migrate(database.pool, firstOnly);
    const changed = await writeMigrations({ '20260101000000_first': 'CREATE TABLE a (id BIGINT);' });
    await expect(migrate(database.pool, changed)).rejects.toThrow(
      /20260101000000_first was applied to the database and has been changed since/,
    );
  });

  test('takes the line endings of Windows for no change', async () => {
    await using database = await createBareDatabase();
    await migrate(database.pool, firstOnly);
    const [[name, sql]] = Object.entries(first) as [[string, string]];
    const windows = await writeMigrations({ [name]: sql.replaceAll('\n', '\r\n') });
    expect(await migrate(database.pool, windows)).toEqual({ applied: [] });
  });

  test('refuses a database that a newer version has migrated', async () => {
    await using database = await createBareDatabase();
    await migrate(database.pool, both);
    await expect(migrate(database.pool, firstOnly)).rejects.toThrow(
      /20260102000000_second, which this version does not know/,
    );
  });

  test("refuses somebody else's database", async () => {
    await using database = await createBareDatabase();
    await database.pool.query('CREATE TABLE customers ()');
    await expect(migrate(database.pool, both)).rejects.toThrow(StorageStartError);
    expect(await tablesOf(database.pool)).toEqual(['customers']);
  });
});

describe("Prisma's schema engine", async () => {
  const prisma = await loadSchemaEngine();

  test('continues what our migrator began, and finds nothing wrong with it', async () => {
    await using database = await createBareDatabase();
    await migrate(database.pool, firstOnly);
    expect(await prisma.diagnose(database.url, both)).toMatchObject({
      editedMigrationNames: [],
      failedMigrationNames: [],
      hasMigrationsTable: true,
      history: { diagnostic: 'databaseIsBehind', unappliedMigrationNames: ['20260102000000_second'] },
    });
    expect(await prisma.apply(database.url, both)).toEqual(['20260102000000_second']);
    expect(await migrate(database.pool, both)).toEqual({ applied: [] });
  });

  test('applies the migrations of this package, to the satisfaction of our migrator', async () => {
    await using database = await createBareDatabase();
    expect(await prisma.apply(database.url, migrationsDirectory)).not.toEqual([]);
    expect(await migrate(database.pool)).toEqual({ applied: [] });
  });

  test('begins what our migrator continues, with an equal history', async () => {
    await using ours = await createBareDatabase();
    await using theirs = await createBareDatabase();
    await prisma.apply(theirs.url, firstOnly);
    expect(await migrate(theirs.pool, both)).toEqual({ applied: ['20260102000000_second'] });
    expect(await prisma.diagnose(theirs.url, both)).toMatchObject({
      history: null,
      editedMigrationNames: [],
    });

    await migrate(ours.pool, both);
    const checksum = createHash('sha256').update(first['20260101000000_first']).digest('hex');
    const history = await historyOf(ours.pool);
    expect(history[0]).toMatchObject({
      migration_name: '20260101000000_first',
      checksum,
      applied_steps_count: 1,
    });
    expect(history).toEqual(await historyOf(theirs.pool));
    expect(await columnsOfHistory(ours.pool)).toEqual(await columnsOfHistory(theirs.pool));
  });
});

/** Writes a migrations directory as Prisma lays it out. */
async function writeMigrations(migrations: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(temporary, 'set-'));
  await writeFile(join(directory, 'migration_lock.toml'), 'provider = "postgresql"\n');
  for (const [name, sql] of Object.entries(migrations)) {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, 'migration.sql'), sql);
  }
  return directory;
}

async function tablesOf(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables
     WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`,
  );
  return rows.map((row) => row.name);
}

async function historyOf(pool: Pool): Promise<Record<string, unknown>[]> {
  const { rows } = await pool.query(`
    SELECT migration_name, checksum, finished_at IS NOT NULL AS finished, logs, rolled_back_at, applied_steps_count,
           length(id) AS id_length
    FROM _prisma_migrations ORDER BY started_at`);
  return rows;
}

async function columnsOfHistory(pool: Pool): Promise<unknown[]> {
  const { rows } = await pool.query(`
    SELECT column_name, data_type, character_maximum_length, is_nullable, column_default
    FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`);
  return rows;
}
