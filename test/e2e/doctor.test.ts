import { expect, test } from 'vitest';
import { startCommand } from '../support/command.ts';

test('the doctor finds a backend and a database that work', async () => {
  const doctor = startCommand(['doctor', '--json']);
  expect(await doctor.exitCode, doctor.output.stderr).toBe(0);
  const report = JSON.parse(doctor.output.stdout);
  expect(report).toMatchObject({
    ok: true,
    backend: 'wasm',
    devices: [{ id: 'cpu', backend: 'wasm', memorySource: 'MACHINE', memoryBytes: expect.any(Number) }],
    database: { works: true, detail: expect.stringContaining('PostgreSQL') },
    configuration: { works: true },
    machine: { node: process.versions.node, cores: expect.any(Number), memoryBytes: expect.any(Number) },
    packages: { trialgraph: expect.any(String), '@tensorflow/tfjs': '4.22.0' },
  });
  const works = Object.fromEntries(
    report.backends.map((probe: { name: string; works: boolean }) => [probe.name, probe.works]),
  );
  expect(works).toMatchObject({ wasm: true, cpu: true });
});

test('the doctor says what is wrong with a database, a backend and a setting, and keeps passwords to itself', async () => {
  const doctor = startCommand(['doctor'], {
    DATABASE_URL: 'postgresql://me:secret@localhost:1/none',
    TRIALGRAPH_BACKEND: 'abacus',
  });
  const mistaken = startCommand(['doctor'], { TRIALGRAPH_PORT: 'http' });
  expect(await doctor.exitCode).toBe(1);
  expect(doctor.output.stdout).toMatch(/✗ +DATABASE_URL +localhost:1\/none cannot be used: .*ECONNREFUSED/);
  expect(doctor.output.stdout).toContain('the backend abacus does not work, and there is no database');
  expect(doctor.output.stdout).not.toContain('secret');
  expect(await mistaken.exitCode).toBe(1);
  expect(mistaken.output.stdout).toMatch(/✗ +settings +port \(TRIALGRAPH_PORT\)/);
});
