import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCommand } from '../support/command.ts';

const root = resolve(import.meta.dirname, '../..');
/** Such as `pip download --no-deps tensorflow-cpu` brings. */
const wheel = process.env.TRIALGRAPH_TEST_TENSORFLOW_WHEEL;
const minutes = 60_000;

/** A checkout of its own: what is installed there must not change what other tests run on. */
let checkout: string;
beforeAll(async () => {
  await mkdir(join(root, 'data'), { recursive: true });
  checkout = await mkdtemp(join(root, 'data', 'setup-tensorflow-'));
  for (const name of ['package.json', 'package-lock.json', 'dist', 'prisma']) {
    await cp(join(root, name), join(checkout, name), { recursive: true });
  }
  // Hard links: npm replaces files and does not write into them.
  execFileSync('cp', ['-al', join(root, 'node_modules'), checkout]);
});
afterAll(() => rm(checkout, { recursive: true, force: true }));

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  startCommand(args, { TRIALGRAPH_BACKEND: 'auto', ...env }, join(checkout, 'dist/main.js'));

describe.skipIf(wheel === undefined || !existsSync(wheel))(
  'with a wheel (skipped without TRIALGRAPH_TEST_TENSORFLOW_WHEEL: pip download --no-deps tensorflow-cpu)',
  () => {
    test(
      'setup-tensorflow makes the backend tensorflow work, and the doctor takes it',
      async () => {
        const setup = run(['setup-tensorflow', '--wheel', wheel!]);
        expect(await setup.exitCode, setup.output.stderr).toBe(0);
        expect(setup.output.stderr).toContain('The backend tensorflow works');

        const doctor = run(['doctor', '--json']);
        expect(await doctor.exitCode, doctor.output.stderr).toBe(0);
        const { backend, backends } = JSON.parse(doctor.output.stdout);
        expect(backend).toBe('tensorflow');
        const probe = backends.find(({ name }: { name: string }) => name === 'tensorflow');
        expect(probe).toMatchObject({ works: true, version: '@tensorflow/tfjs-node 4.22.0' });
      },
      5 * minutes,
    );
  },
);

test('setup-tensorflow refuses what is no wheel of TensorFlow, and says what it needs', async () => {
  const file = join(checkout, 'other.whl');
  await writeFile(file, 'no zip');
  const setup = run(['setup-tensorflow', '--wheel', file]);
  expect(await setup.exitCode).toBe(1);
  expect(setup.output.stderr).toContain(`${file} is no zip archive that can be read`);
  expect(setup.output.stderr).toContain('Give a .whl file by --wheel.');
});

test('setup-tensorflow names the tools that it lacks before it downloads anything', async () => {
  const setup = run(['setup-tensorflow'], { PATH: '/nowhere' });
  expect(await setup.exitCode).toBe(1);
  expect(setup.output.stderr).toContain('needs g++, make, python3');
});
