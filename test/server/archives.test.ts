import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { exportStudy } from '../../src/commands/export.ts';
import { importStudy } from '../../src/commands/import.ts';
import { startApi } from '../support/api-server.ts';
import { createTestEngine } from '../support/engine.ts';

const token = 'correct-horse-battery';
const authorization = `Bearer ${token}`;
const engine = await createTestEngine();
const server = await startApi(engine, { token });
const client = createClient({ url: server.url, token });
const directory = await mkdtemp(join(tmpdir(), 'trialgraph-export-'));
afterAll(async () => {
  client.close();
  await rm(directory, { recursive: true });
});

let studies = 0;
async function finishedStudy(points = 100) {
  const study = await client.studies.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  });
  const [trial] = await study.ask();
  const steps = Array.from({ length: points }, (_, i) => i);
  await trial!.reportColumns({ loss: { steps, values: steps.map((step) => Math.sin(step)) } });
  await trial!.complete({ loss: 1 });
  return study.stop();
}

const get = (path: string) => fetch(`${server.url}${path}`, { headers: { authorization } });
const post = (path: string, body: Buffer) =>
  fetch(`${server.url}${path}`, { method: 'POST', headers: { authorization }, body });
const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code;

test('a study is downloaded as a zip file that other programs can read, and uploaded again', async () => {
  const study = await finishedStudy();
  const { exportUrl } = (
    await client.query<{ study: { exportUrl: string } }>(`{ study(id: "${study.id}") { exportUrl } }`)
  ).study;
  const response = await get(`${exportUrl}?format=ndjson`);
  expect([response.status, response.headers.get('content-disposition')]).toEqual([
    200,
    `attachment; filename="${study.id}.zip"`,
  ]);
  const archive = Buffer.from(await response.arrayBuffer());
  expect((await study.export()).headers.get('content-type')).toBe('application/zip');
  await writeFile(join(directory, 'other.zip'), archive);
  const python =
    'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read("points.ndjson").count(b"\\n"))';
  const lines = await new Promise<string | null>((resolve) => {
    execFile('python3', ['-c', python, join(directory, 'other.zip')], (error, out) =>
      resolve(error === null ? out.trim() : null),
    );
  });
  if (lines !== null) expect(lines).toBe('100');

  const imported = await post('/import?name=copy', archive);
  expect(imported.status).toBe(201);
  const { id } = (await imported.json()) as { id: string };
  const copy = await client.studies.get(id);
  expect(copy.data).toMatchObject({
    name: 'copy',
    state: 'FINISHED',
    trialCounts: { completed: 1, total: 1 },
  });
});

test('the commands export by name and import under another one', async () => {
  const study = await finishedStudy();
  const file = join(directory, 'by-name.zip');
  const remote = { url: server.url, token };
  await exportStudy(study.name, { ...remote, format: 'csv', project: 'default', output: file });
  await importStudy(file, { ...remote, name: 'by command', project: 'other' });
  const copy = await client.studies.byName('by command', { project: 'other' });
  expect(copy!.data.trialCounts.completed).toBe(1);
  expect(await readdir(directory)).not.toContain('by-name.zip.partial');
  expect((await readFile(file)).subarray(0, 2).toString()).toBe('PK');

  const nowhere = exportStudy('nobody', { ...remote, format: 'csv', project: 'default', output: file });
  await expect(nowhere).rejects.toThrow('no study with the name "nobody"');
  await expect(importStudy(join(directory, 'missing.zip'), remote)).rejects.toThrow('cannot be read');
  const wrong = exportStudy(study.id, { ...remote, format: 'xlsx', project: 'default', output: file });
  await expect(wrong).rejects.toThrow('csv, ndjson, parquet');
});

test.each([
  ['an unknown format', '/export/study-1.zip?format=xlsx', 400, 'BAD_USER_INPUT'],
  ['an unknown study', '/export/study-999999.zip', 404, 'NOT_FOUND'],
  ['something that is no id', '/export/..%2fstudy', 400, 'BAD_USER_INPUT'],
])('%s is refused', async (_, path, status, code) => {
  const response = await get(path);
  expect([response.status, await codeOf(response)]).toEqual([status, code]);
});

test('nothing is exported or imported without the token', async () => {
  expect((await fetch(`${server.url}/export/study-1.zip`)).status).toBe(401);
  expect((await fetch(`${server.url}/import`, { method: 'POST', body: 'x' })).status).toBe(401);
});

test('what is no archive is refused with the reason', async () => {
  const response = await post('/import', Buffer.from('no zip'));
  expect([response.status, await codeOf(response)]).toEqual([400, 'BAD_USER_INPUT']);
});

test('a client that leaves in mid-download does no harm', async () => {
  const study = await finishedStudy(200_000);
  for (let i = 0; i < 5; i++) {
    const leaving = new AbortController();
    const response = await fetch(`${server.url}/export/${study.id}.zip`, {
      headers: { authorization },
      signal: leaving.signal,
    });
    await response.body!.getReader().read();
    leaving.abort();
  }
  expect((await get(`/export/${study.id}.zip`)).status).toBe(200);
  expect(engine.database.pool.waitingCount).toBe(0);
});
