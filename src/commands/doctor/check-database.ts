import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../storage/embedded-postgres/embedded-postgres.ts';
import type { Check } from './check.ts';

const connectTimeoutMs = 5_000;
const oldestVersion = 14;

/**
 * Whether there is a PostgreSQL to use: that of DATABASE_URL, from which only its version is read, or the embedded one,
 * which is started with files of its own, far from those of a server that may be running.
 */
export function checkDatabase(databaseUrl: string | undefined): Promise<Check> {
  return databaseUrl === undefined ? checkEmbedded() : checkExternal(databaseUrl);
}

async function checkEmbedded(): Promise<Check> {
  const name = 'embedded';
  const dataDir = await mkdtemp(join(tmpdir(), 'trialgraph-doctor-'));
  try {
    const startedAt = performance.now();
    const server = await startEmbeddedPostgres({ dataDir });
    try {
      const version = await readVersion(server.connection);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      return { name, works: true, detail: `PostgreSQL ${version}, started in ${seconds} s on new files` };
    } finally {
      await server.stop();
    }
  } catch (error) {
    // Its message says what to do, too.
    return { name, works: false, detail: (error as Error).message };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function checkExternal(databaseUrl: string): Promise<Check> {
  const name = 'DATABASE_URL';
  try {
    const version = await readVersion({ connectionString: databaseUrl });
    const works = Number.parseInt(version, 10) >= oldestVersion;
    const remedy = works
      ? ''
      : `; trialgraph needs ${oldestVersion} or newer: set DATABASE_URL to such a one`;
    return { name, works, detail: `PostgreSQL ${version} at ${withoutSecrets(databaseUrl)}${remedy}` };
  } catch (error) {
    const detail =
      `${withoutSecrets(databaseUrl)} cannot be used: ${reasonOf(error)}. Start it or mend DATABASE_URL; ` +
      'without DATABASE_URL the server starts a PostgreSQL of its own.';
    return { name, works: false, detail };
  }
}

async function readVersion(connection: pg.ClientConfig): Promise<string> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: connectTimeoutMs });
  // A failure after connecting makes the query fail, too.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      `SELECT current_setting('server_version') AS version`,
    );
    return rows[0]!.version;
  } finally {
    await client.end();
  }
}

/** Where a database is, without the user's password and other parameters. */
function withoutSecrets(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'The database';
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `${hostname}${port && `:${port}`}${pathname}`;
}

/** Node gives an error without a message for a name with several addresses of which none answers. */
function reasonOf(error: unknown): string {
  const { message, errors } = error as { message: string; errors?: readonly Error[] };
  return message || errors?.map((each) => each.message).join(', ') || String(error);
}
