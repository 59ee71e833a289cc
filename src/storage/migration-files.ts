import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StorageStartError } from './startup-error.ts';

/** The migrations of this package; src/ and dist/ are equally far from its root. */
export const migrationsDirectory = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));

/** One `<name>/migration.sql`. */
export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
  /** sha256 of the file's bytes in hexadecimal, as Prisma records it. */
  readonly checksum: string;
}

/** Reads all migrations, in the order of their names, which is the order to apply them in. */
export async function readMigrations(directory: string): Promise<MigrationFile[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause) => {
    throw new StorageStartError(
      `The migrations cannot be read: ${(cause as Error).message}. Install again.`,
      {
        cause,
      },
    );
  });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8').catch((cause) => {
        throw new StorageStartError(`The migration ${name} cannot be read: ${(cause as Error).message}.`, {
          cause,
        });
      });
      return { name, sql, checksum: sha256(sql) };
    }),
  );
}

/** Whether a recorded checksum is this file's, be its line endings those of Unix or of Windows. */
export function hasChecksum({ sql, checksum }: MigrationFile, recorded: string): boolean {
  const unix = sql.replaceAll('\r\n', '\n');
  return (
    recorded === checksum || recorded === sha256(unix) || recorded === sha256(unix.replaceAll('\n', '\r\n'))
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
