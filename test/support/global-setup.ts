import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/storage/embedded-postgres/embedded-postgres.ts';
import { migrate } from '../../src/storage/migrator.ts';
import { databaseUrl } from './database-url.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of the PostgreSQL that the tests share. */
    postgresUrl: string;
    /** The name of a migrated, empty database to clone. */
    templateDatabase: string;
  }
}

/**
 * Gives the tests one PostgreSQL with a migrated template database: an embedded one in a temporary directory, or
 * the one that TRIALGRAPH_TEST_DATABASE_URL names.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const template = `trialgraph_template_${process.pid}_${project.name}`;
  await query(server.url, `CREATE DATABASE ${template}`);
  const pool = new pg.Pool({ connectionString: databaseUrl(server.url, template), max: 1 });
  await migrate(pool);
  await pool.end();

  project.provide('postgresUrl', server.url);
  project.provide('templateDatabase', template);
  return async () => {
    await query(server.url, `DROP DATABASE ${template} WITH (FORCE)`);
    await server.stop();
  };
}

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env.TRIALGRAPH_TEST_DATABASE_URL;
  if (url) return { url, stop: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'trialgraph-test-'));
  const server = await startEmbeddedPostgres({ dataDir });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
