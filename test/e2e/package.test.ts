import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startTrialgraph, temporaryDirectory } from '../support/trialgraph-process.ts';

const run = promisify(execFile);
const repository = resolve(import.meta.dirname, '../..');

test('the packed package, beside its dependencies alone, serves pages and API and is imported by a program', async () => {
  await using directory = await temporaryDirectory();
  const modules = join(directory.path, 'node_modules');
  await unpack(join(modules, 'trialgraph'));
  const main = join(modules, 'trialgraph/dist/main.js');
  const server = await startTrialgraph({ dataDir: join(directory.path, 'data'), main });
  try {
    const page = await fetch(server.url, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<title>trialgraph</title>');
    const script = join(directory.path, 'program.mjs');
    await writeFile(script, program);
    const { stdout } = await run(process.execPath, [script, server.url]);
    expect(JSON.parse(stdout)).toEqual({ completed: 5, defineTrainable: 'function' });
  } finally {
    expect(await server.stop()).toBe(0);
  }
});

const program = `
import { createClient, float, space } from 'trialgraph';
import { defineTrainable } from 'trialgraph/trainable';

const client = createClient({ url: process.argv[2] });
const study = await client.studies.create({
  name: 'from a package',
  objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
  searchSpace: space({ x: float(-1, 1) }),
});
await study.optimize(async ({ params }) => ({ loss: params.x ** 2 }), { trials: 5 });
const { completed } = (await study.refresh()).data.trialCounts;
console.log(JSON.stringify({ completed, defineTrainable: typeof defineTrainable }));
`;

/** Packs this package as for the registry and lays it there, with links to those of its dependencies that are here. */
async function unpack(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: repository,
    maxBuffer: 2 ** 26,
  });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await run('tar', ['--extract', '--strip-components=1', '--file', filename], { cwd: folder });
  const { dependencies, optionalDependencies } = JSON.parse(
    await readFile(join(repository, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'optionalDependencies', Record<string, string>>;
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const link = join(folder, '..', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(repository, 'node_modules', name), link);
  }
}
