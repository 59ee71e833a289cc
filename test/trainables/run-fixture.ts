import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { entryPoint } from '../../src/trainables/entry-point.ts';

/** Runs a module of fixtures/ in a process of its own; resolves to all that it printed. */
export async function runFixture(name: string): Promise<string> {
  const { execArgv, path } = entryPoint(`./fixtures/${name}`, import.meta.url);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...execArgv, path], {
    timeout: 30_000,
  });
  return stdout + stderr;
}
