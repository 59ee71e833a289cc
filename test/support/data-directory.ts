import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { startEmbeddedPostgres } from '../../src/storage/embedded-postgres/embedded-postgres.ts';

/**
 * Data directories for a test file, removed after it. Everybody may enter the folder that holds them, as below
 * any ordinary project.
 */
export function dataDirectories() {
  let root = '';
  let created = 0;
  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'trialgraph-data-')));
    await chmod(root, 0o755);
    const server = await startEmbeddedPostgres({ dataDir: join(root, 'original') });
    await server.stop();
  });
  afterAll(() => rm(root, { recursive: true }));
  return {
    /** A path where nothing is yet. */
    empty: () => join(root, `${++created}`),
    /** A directory with an empty database, quicker than having one made. */
    async withDatabase(): Promise<string> {
      const path = join(root, `${++created}`);
      execFileSync('cp', ['-a', join(root, 'original'), path]); // keeps modes and owners
      return path;
    },
  };
}
