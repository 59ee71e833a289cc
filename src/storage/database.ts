import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from '../core/logger.ts';
import { keepPostgresRunning } from './embedded-postgres/keep-running.ts';
import { migrate } from './migrator.ts';
import { PrismaClient } from './prisma/client.ts';

export interface DatabaseOptions {
  /** A PostgreSQL 14 or newer; null: the embedded one, with its files under `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly maxConnections?: number;
  /** Told of a PostgreSQL that had to be started again. */
  readonly log?: Logger;
}

export interface Database {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;
  /** The server's version and where it runs, in words. */
  readonly description: string;
  close(): Promise<void>;
}

/** Connects to PostgreSQL, starting the embedded one where no other is named, and brings its schema up to date. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const embedded =
    options.databaseUrl === null
      ? await keepPostgresRunning({ dataDir: options.dataDir }, options.log)
      : null;
  const connection = embedded?.connection ?? { connectionString: options.databaseUrl! };
  const pool = new pg.Pool({ ...connection, max: options.maxConnections ?? 20, pipeline: true });
  // A connection that breaks while idle is replaced at the next query, which reports what is wrong.
  pool.on('error', () => {});
  // One that breaks as it is given out has nobody who listens yet, and its event would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await checkVersion(pool);
    await migrate(pool);
  } catch (error) {
    await pool.end();
    await embedded?.stop();
    throw error;
  }
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const { rows } = await pool.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );
  return {
    pool,
    prisma,
    description: `PostgreSQL ${rows[0]!.version}, ${embedded === null ? 'by DATABASE_URL' : 'embedded'}`,
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
      await embedded?.stop();
    },
  };
}

async function checkVersion(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::integer AS version`,
  );
  if (rows[0]!.version >= 140_000) return;
  const found = Math.floor(rows[0]!.version / 10_000);
  throw new Error(`DATABASE_URL names a PostgreSQL ${found}; trialgraph needs 14 or newer.`);
}
