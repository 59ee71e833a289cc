import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type {
  DiagnoseMigrationHistoryOutput,
  MigrationList,
  SchemaEngine as WasmEngine,
} from '@prisma/schema-engine-wasm';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { readMigrations } from '../../src/storage/migration-files.ts';

/** What `prisma migrate deploy` and `prisma migrate status` do: the same sources, compiled to WebAssembly. */
export interface SchemaEngine {
  /** Applies what is missing; gives the names. */
  apply(url: string, migrationsDirectory: string): Promise<string[]>;
  diagnose(url: string, migrationsDirectory: string): Promise<DiagnoseMigrationHistoryOutput>;
}

const filters = { externalTables: [], externalEnums: [] };

export async function loadSchemaEngine(): Promise<SchemaEngine> {
  await instantiate();
  return {
    async apply(url, directory) {
      const migrationsList = await listMigrations(directory);
      const output = await withEngine(url, (engine) => engine.applyMigrations({ migrationsList, filters }));
      return output.appliedMigrationNames;
    },
    async diagnose(url, directory) {
      const input = {
        migrationsList: await listMigrations(directory),
        optInToShadowDatabase: false,
        filters,
      };
      return withEngine(url, (engine) => engine.diagnoseMigrationHistory(input));
    },
  };
}

/** The package is made for bundlers, which would do this for it. */
async function instantiate(): Promise<void> {
  const packageRoot = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const bytes = await readFile(join(packageRoot, 'schema_engine_bg.wasm'));
  // Node's types declare no WebAssembly functions.
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WasmLoader };
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings });
  (bindings as unknown as { __wbg_set_wasm(exports: unknown): void }).__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

interface WasmLoader {
  instantiate(
    bytes: Buffer,
    imports: object,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
}

/** Each command has its own connections, as each run of the command line has: the engine never unlocks. */
async function withEngine<T>(url: string, command: (engine: WasmEngine) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url });
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool));
  const schema = 'datasource db { provider = "postgresql" }';
  try {
    const options = { datamodels: [['schema.prisma', schema] as [string, string]] };
    return await command(await bindings.SchemaEngine.new(options, () => {}, adapter));
  } finally {
    await pool.end();
  }
}

async function listMigrations(directory: string): Promise<MigrationList> {
  const lockfile = 'migration_lock.toml';
  const migrations = await readMigrations(directory);
  return {
    baseDir: directory,
    lockfile: { path: lockfile, content: await readFile(join(directory, lockfile), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}
