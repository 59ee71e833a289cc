import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { databaseUrl } from './database-url.ts';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly pool: pg.Pool;
}

/**
 * A migrated, empty database for the calling test file alone. Call it at the top level of the file or of a
 * `describe`: the pool is closed and the database dropped after the tests there.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const database = await createDatabase(`TEMPLATE ${inject('templateDatabase')}`);
  afterAll(() => database[Symbol.asyncDispose]());
  return database;
}

/** A database without tables, for tests of migrations: `await using database = await createBareDatabase()`. */
export function createBareDatabase(): Promise<TestDatabase> {
  return createDatabase('');
}

let created = 0;

async function createDatabase(options: string): Promise<TestDatabase> {
  const name = `trialgraph_test_${process.pid}_${++created}`;
  const server = new pg.Client({ connectionString: inject('postgresUrl') });
  await server.connect();
  await server.query(`CREATE DATABASE ${name} ${options}`);
  const url = databaseUrl(inject('postgresUrl'), name);
  const pool = new pg.Pool({ connectionString: url, pipeline: true });
  pool.on('error', () => {}); // dropping the database ends the connections that a failed test has left
  return {
    url,
    pool,
    async [Symbol.asyncDispose]() {
      const ended = pool.end();
      await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await server.end();
      await ended;
    },
  };
}
