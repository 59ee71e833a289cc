import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { dataDirectories } from '../../support/data-directory.ts';
import { copyProject, type ServerProcess, startServerProcess } from '../../support/server-process.ts';

const isRoot = process.getuid?.() === 0;
const hasNamespaces = isRoot && spawnSync('unshare', ['--user', '--map-user=65534', 'true']).status === 0;
const nobody = { uid: idOfNobody('-u'), gid: idOfNobody('-g') };
/** Whether another user could run the repository's code. */
const isReadable =
  isRoot && spawnSync('test', ['-r', import.meta.filename], { ...nobody, cwd: '/' }).status === 0;

const directories = dataDirectories();
const removals: string[] = [];
afterAll(() => Promise.all(removals.map((path) => rm(path, { recursive: true, force: true }))));

describe('root', () => {
  test('runs PostgreSQL as nobody in a user namespace, and keeps the files', async ({ skip }) => {
    skip(!hasNamespaces, 'needs root and user namespaces');
    const dataDir = await directories.withDatabase();
    const server = await startServerProcess({ dataDir });
    expect(await readFile(`/proc/${server.postgresPid}/uid_map`, 'utf8')).toMatch(/^\s*65534\s+0\s+1\n$/);
    expect((await stat(join(dataDir, 'cluster'))).uid).toBe(0);
    await useAndStop(server);
  });

  test('runs it with the project and its data in a home that nobody else may enter', async ({ skip }) => {
    skip(!hasNamespaces, 'needs root and user namespaces');
    const project = await privateDirectory();
    await copyProject(project);
    await useAndStop(await startServerProcess({ dataDir: join(project, 'data'), project }));
  });

  test('becomes the user nobody where namespaces are forbidden', async ({ skip }) => {
    skip(!isReadable, 'needs root, and a repository that every user can read');
    const dataDir = await directories.withDatabase();
    const server = await startServerProcess({ dataDir, path: await pathWithoutUnshare() });
    expect((await stat(join(dataDir, 'cluster'))).uid).toBe(nobody.uid);
    expect((await stat(`/proc/${server.postgresPid}`)).uid).toBe(nobody.uid);
    await useAndStop(server);
    // What nobody has begun, nobody continues, also where namespaces are allowed again.
    await useAndStop(await startServerProcess({ dataDir }));
  });

  test('is told what to do when no account works', async ({ skip }) => {
    skip(!isRoot, 'needs root');
    const dataDir = join(await privateDirectory(), 'data');
    await expect(startServerProcess({ dataDir, path: await pathWithoutUnshare() })).rejects.toThrow(
      /refuses to run as root.*unshare: .*ENOENT.*cannot enter or write.*DATABASE_URL/s,
    );
  });

  test("runs it as the owner of another user's data directory", async ({ skip }) => {
    skip(!isReadable, 'needs root, and a repository that every user can read');
    const dataDir = directories.empty();
    await mkdir(dataDir);
    await chown(dataDir, nobody.uid, nobody.gid);
    await useAndStop(await startServerProcess({ dataDir }));
    expect((await stat(join(dataDir, 'cluster'))).uid).toBe(nobody.uid);
  });

  test("is shown PostgreSQL's words and the room that is left when the disk is full", async ({ skip }) => {
    const dataDir = directories.empty();
    await mkdir(dataDir);
    const mounted =
      isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', dataDir]).status === 0;
    skip(!mounted, 'needs root and the right to mount');
    try {
      await expect(startServerProcess({ dataDir })).rejects.toThrow(
        /could not be created.*(No space left on device|Check free disk space).*MB are left/s,
      );
    } finally {
      execFileSync('umount', [dataDir]);
    }
  });
});

describe('a normal user', () => {
  test('runs PostgreSQL directly', async ({ skip }) => {
    skip(!isReadable, 'needs root to become another user, and a repository that every user can read');
    const home = directories.empty();
    await mkdir(home);
    await chown(home, nobody.uid, nobody.gid);
    const server = await startServerProcess({ dataDir: join(home, 'data'), ...nobody });
    expect((await stat(`/proc/${server.postgresPid}`)).uid).toBe(nobody.uid);
    await useAndStop(server);
  });

  test("is told whose a data directory is that is not the user's own", async ({ skip }) => {
    skip(!isReadable, 'needs root to become another user, and a repository that every user can read');
    const dataDir = await directories.withDatabase();
    await expect(startServerProcess({ dataDir, ...nobody })).rejects.toThrow(
      `belongs to the user with the id 0, not to you (${nobody.uid})`,
    );
  });
});

async function useAndStop(server: ServerProcess): Promise<void> {
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query('CREATE TABLE used ()');
  await client.query('DROP TABLE used');
  await client.end();
  await server.stop();
}

async function privateDirectory(): Promise<string> {
  const path = await mkdtemp(join(homedir(), '.trialgraph-test-'));
  await chmod(path, 0o700);
  removals.push(path);
  return path;
}

/** A PATH with the programs that we call except unshare. */
async function pathWithoutUnshare(): Promise<string> {
  const path = directories.empty();
  await mkdir(path);
  for (const program of ['sh', 'id', 'chown']) {
    const found = execFileSync('which', [program], { encoding: 'utf8' }).trim();
    await symlink(found, join(path, program));
  }
  return path;
}

function idOfNobody(flag: string): number {
  return Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
}
