import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { hasChecksum, type MigrationFile } from './migration-files.ts';
import { StorageStartError } from './startup-error.ts';

/** A row of `_prisma_migrations` that was not rolled back. */
interface RecordedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
  readonly logs: string | null;
}

/** Prisma's own definition, letter for letter. */
const createTable = `
CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
);`;

/**
 * Compares the history that the database records with the files, and gives the files still to apply.
 * A database without a history gets an empty one, if it holds no tables.
 *
 * @throws StorageStartError when the database is not one that these files can continue.
 */
export async function findPending(
  client: ClientBase,
  files: readonly MigrationFile[],
): Promise<MigrationFile[]> {
  const recorded = await readHistory(client);
  const unfinished = recorded.find((migration) => !migration.finished);
  if (unfinished !== undefined) throw failedBefore(unfinished);

  const byName = new Map(files.map((file) => [file.name, file]));
  for (const { name, checksum } of recorded) {
    const file = byName.get(name);
    if (file === undefined) {
      throw new StorageStartError(
        `The database has the migration ${name}, which this version does not know: a newer version has used it. ` +
          'Start that version, or point this one at another database.',
      );
    }
    if (!hasChecksum(file, checksum)) {
      throw new StorageStartError(
        `The migration ${name} was applied to the database and has been changed since. Restore the file as it ` +
          'was (a change to the schema needs a new migration), or start with an empty database.',
      );
    }
  }
  const applied = new Set(recorded.map((migration) => migration.name));
  return files.filter((file) => !applied.has(file.name));
}

async function readHistory(client: ClientBase): Promise<RecordedMigration[]> {
  const { rows } = await client.query<{ history: string | null; tables: number }>(`
    SELECT to_regclass(format('%I._prisma_migrations', current_schema())) AS history,
           (SELECT count(*)::int FROM pg_tables WHERE schemaname = current_schema()) AS tables`);
  const { history, tables } = rows[0]!;
  if (history === null) {
    if (tables > 0) {
      throw new StorageStartError(
        'The database holds tables but no record of migrations, so it is not one of ours. ' +
          'Set DATABASE_URL to an empty database (CREATE DATABASE trialgraph).',
      );
    }
    await client.query(createTable);
    return [];
  }
  const recorded = await client.query<RecordedMigration>(`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, logs
    FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`);
  return recorded.rows;
}

function failedBefore({ name, logs }: RecordedMigration): StorageStartError {
  return new StorageStartError(
    `The migration ${name} was begun and did not end${logs ? `: ${logs}` : ''}. Look what it has changed and undo ` +
      `it, then let it run again: prisma migrate resolve --rolled-back ${name}, or ` +
      `UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${name}' AND finished_at IS NULL`,
  );
}

/** Records that a migration begins; gives the id of the record. */
export async function recordStart(client: ClientBase, { name, checksum }: MigrationFile): Promise<string> {
  const id = randomUUID();
  await client.query(
    'INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, clock_timestamp())',
    [id, checksum, name],
  );
  return id;
}

export async function recordSuccess(client: ClientBase, id: string): Promise<void> {
  await client.query(
    'UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1',
    [id],
  );
}

export async function recordFailure(client: ClientBase, id: string, logs: string): Promise<void> {
  await client.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, logs]);
}
