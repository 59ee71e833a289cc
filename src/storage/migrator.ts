import type { ClientBase, DatabaseError, Pool } from 'pg';
import { type MigrationFile, migrationsDirectory, readMigrations } from './migration-files.ts';
import { findPending, recordFailure, recordStart, recordSuccess } from './migration-history.ts';
import { StorageStartError } from './startup-error.ts';

/** The number of Prisma's own advisory lock, so that we also wait for a `prisma migrate deploy`. */
const advisoryLock = 72707369;
const lockTimeoutMs = 60_000;

/**
 * Brings the database up to date, just as `prisma migrate deploy` would: either can continue what the other began.
 * Servers that start at once wait for one another. Each migration is a transaction of its own, so a failed one
 * leaves nothing behind, unless it holds a statement that refuses to run in one (CREATE INDEX CONCURRENTLY).
 *
 * @returns the names of the migrations applied now, in order
 * @throws StorageStartError when a migration fails or the database is not one that this version can continue
 */
export async function migrate(pool: Pool, directory = migrationsDirectory): Promise<{ applied: string[] }> {
  const files = await readMigrations(directory);
  const client = await pool.connect();
  try {
    await lock(client);
    const pending = await findPending(client, files);
    for (const file of pending) await apply(client, file);
    return { applied: pending.map((file) => file.name) };
  } finally {
    client.release(true); // closing the session frees the lock and forgets its settings
  }
}

async function lock(client: ClientBase): Promise<void> {
  await client.query(`SET lock_timeout = ${lockTimeoutMs}; SET statement_timeout = 0`);
  try {
    await client.query(`SELECT pg_advisory_lock(${advisoryLock})`);
  } catch (cause) {
    if ((cause as DatabaseError).code !== '55P03') throw cause; // lock_not_available
    throw new StorageStartError(
      `Another program has been migrating this database for more than ${lockTimeoutMs / 1000} s. ` +
        "Wait for it, or look for it: SELECT * FROM pg_locks WHERE locktype = 'advisory'",
      { cause },
    );
  }
}

async function apply(client: ClientBase, file: MigrationFile): Promise<void> {
  try {
    await client.query('BEGIN');
    const id = await recordStart(client, file);
    await client.query(file.sql);
    await recordSuccess(client, id);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {}); // the connection may be what failed
    if ((error as DatabaseError).code !== '25001') throw failed(file, error as DatabaseError);
    await applyOutsideTransaction(client, file); // active_sql_transaction: a statement refuses to run in one
  }
}

/** Here a failure may leave changes behind; its record stops every later start until somebody has looked. */
async function applyOutsideTransaction(client: ClientBase, file: MigrationFile): Promise<void> {
  const id = await recordStart(client, file);
  try {
    await client.query(file.sql);
  } catch (error) {
    await recordFailure(client, id, (error as Error).message);
    throw failed(file, error as DatabaseError);
  }
  await recordSuccess(client, id);
}

function failed(file: MigrationFile, error: DatabaseError): StorageStartError {
  const line = error.position ? file.sql.slice(0, Number(error.position)).split('\n').length : undefined;
  const place = line === undefined ? '' : ` (line ${line})`;
  return new StorageStartError(
    `The migration ${file.name} failed${place}: ${error.message}${error.hint ? ` Hint: ${error.hint}` : ''}`,
    { cause: error },
  );
}
