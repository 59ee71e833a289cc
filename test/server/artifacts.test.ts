import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readEvents } from '../../src/storage/event-log.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { startApi } from '../support/api-server.ts';
import { createTestEngine } from '../support/engine.ts';

const engine = await createTestEngine();
const server = await startApi(engine);
const maxBytes = engine.artifacts.maxBytes;

let studies = 0;
async function runningTrial(): Promise<TrialRecord & { path: string }> {
  const study = await engine.studyLife.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  });
  const [trial] = await engine.trialLife.ask({ studyId: study.id, count: 1, worker: null, leaseMs: 60_000 });
  return { ...trial!, path: `${server.url}/artifacts/trial-${trial!.id}` };
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const put = (url: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'PUT', body, headers });
const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code;
const isStored = async (content: string | Buffer) =>
  engine.artifacts.store.blobs.open(sha256(content)).then(
    (stream) => stream.destroy() !== undefined,
    () => false,
  );

test('a file comes back byte for byte, with its type, its digest as ETag, and an event', async () => {
  const trial = await runningTrial();
  const content = randomBytes(300_000);
  const digest = createHash('sha256').update(content).digest('base64');
  const stored = await put(`${trial.path}/checkpoints/best%20one.bin?attempt=1`, content, {
    'content-type': 'application/x-weights',
    'content-digest': `sha-256=:${digest}:`,
  });
  expect(stored.status).toBe(201);
  expect(await stored.json()).toMatchObject({
    name: 'checkpoints/best one.bin',
    size: 300_000,
    sha256: sha256(content),
    url: `/artifacts/trial-${trial.id}/checkpoints/best%20one.bin`,
  });

  const response = await fetch(`${trial.path}/checkpoints/best%20one.bin`);
  expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/x-weights',
    'content-length': '300000',
    etag: `"${sha256(content)}"`,
    'x-content-type-options': 'nosniff',
    'content-disposition': "attachment; filename*=UTF-8''best%20one.bin",
  });
  const events = await readEvents(engine.database.pool, trial.studyId, 0, 100);
  expect(events.at(-1)).toMatchObject({ kind: 'ARTIFACT_ADDED', trial: { id: trial.id, state: 'RUNNING' } });
});

test('parts, heads and unchanged files are answered without the rest', async () => {
  const trial = await runningTrial();
  const url = `${trial.path}/log.txt`;
  await put(url, '0123456789', { 'content-type': 'text/plain' });
  const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 2-4/10',
    '234',
  ]);
  const beyond = await fetch(url, { headers: { range: 'bytes=10-' } });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
  const same = await fetch(url, { headers: { 'if-none-match': head.headers.get('etag')! } });
  expect([same.status, await same.text()]).toEqual([304, '']);
});

test.each(['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'application/javascript'])(
  'a browser does not run %s that somebody has uploaded',
  async (type) => {
    const trial = await runningTrial();
    await put(`${trial.path}/page`, '<script>alert(1)</script>', { 'content-type': type });
    const { headers } = await fetch(`${trial.path}/page`);
    expect(headers.get('content-disposition')).toMatch(/^attachment/);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  },
);

test('pictures and plain text are shown in place', async () => {
  const trial = await runningTrial();
  await put(`${trial.path}/curve.png`, 'png', { 'content-type': 'image/png' });
  const { headers } = await fetch(`${trial.path}/curve.png`);
  expect(headers.get('content-disposition')).toMatch(/^inline/);
});

test('an empty file is a file', async () => {
  const trial = await runningTrial();
  expect((await put(`${trial.path}/empty`, '')).status).toBe(201);
  const response = await fetch(`${trial.path}/empty`);
  expect([response.status, await response.text()]).toEqual([200, '']);
});

test.each(['..%2f..%2fsecret', '%2e%2e/secret', 'a//b', '%2fetc', 'a%5c..%5cb', 'a%00b', ''])(
  'the name %s is refused',
  async (name) => {
    const trial = await runningTrial();
    const status = await rawStatus('PUT', `/artifacts/trial-${trial.id}/${name}`, 'x');
    expect([400, 404]).toContain(status);
    expect(await engine.artifacts.store.list([trial.id])).toEqual(new Map([[trial.id, []]]));
  },
);

test('a file beyond the limit is refused, whether or not its length is told beforehand', async () => {
  const trial = await runningTrial();
  const tooLong = Buffer.alloc(maxBytes + 1);
  const told = await put(`${trial.path}/big`, tooLong);
  expect([told.status, await codeOf(told)]).toEqual([413, 'TOO_LARGE']);
  const untold = await fetch(`${trial.path}/big`, {
    method: 'PUT',
    body: new Blob([tooLong]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect([untold.status, await codeOf(untold)]).toEqual([413, 'TOO_LARGE']);
  expect((await put(`${trial.path}/fits`, tooLong.subarray(1))).status).toBe(201);
});

test('a content of another digest is refused and not kept', async () => {
  const trial = await runningTrial();
  const digest = createHash('sha256').update('right').digest('base64');
  const response = await put(`${trial.path}/x`, 'wrong', { 'content-digest': `sha-256=:${digest}:` });
  expect([response.status, await codeOf(response)]).toEqual([400, 'BAD_USER_INPUT']);
  expect(await isStored('wrong')).toBe(false);
  expect((await fetch(`${trial.path}/x`)).status).toBe(404);
});

test('an attempt that is over cannot add or delete files, even when it ends in mid-upload', async () => {
  const trial = await runningTrial();
  await put(`${trial.path}/kept?attempt=1`, 'kept');
  const slow = new ReadableStream({
    async start(controller) {
      controller.enqueue(Buffer.from('first half, '));
      await sleep(300);
      controller.enqueue(Buffer.from('second half'));
      controller.close();
    },
  });
  const upload = fetch(`${trial.path}/late?attempt=1`, {
    method: 'PUT',
    body: slow,
    duplex: 'half',
  } as RequestInit);
  await sleep(100);
  await engine.trialLife.takeBack(trial.studyId, [trial.id], () => true, 'gone');
  await engine.trialLife.ask({ studyId: trial.studyId, count: 1, worker: null, leaseMs: 60_000 });
  const late = await upload;
  expect([late.status, await codeOf(late)]).toEqual([409, 'CONFLICT']);
  expect(await isStored('first half, second half')).toBe(false);
  expect((await fetch(`${trial.path}/kept?attempt=1`, { method: 'DELETE' })).status).toBe(409);
  expect((await fetch(`${trial.path}/kept?attempt=2`, { method: 'DELETE' })).status).toBe(204);
});

test('contents are kept once, and deleted with the last file that has them', async () => {
  const [a, b] = [await runningTrial(), await runningTrial()];
  const content = 'shared by several';
  await Promise.all([
    put(`${a.path}/one`, content),
    put(`${a.path}/two`, content),
    put(`${b.path}/three`, content),
  ]);
  await fetch(`${a.path}/one`, { method: 'DELETE' });
  expect((await put(`${a.path}/two`, 'another')).status).toBe(200);
  expect(await isStored(content)).toBe(true);
  expect(await (await fetch(`${b.path}/three`)).text()).toBe(content);
  await fetch(`${b.path}/three`, { method: 'DELETE' });
  expect(await isStored(content)).toBe(false);
  expect(await isStored('another')).toBe(true);
});

test('uploads and deletions of one content at once leave it exactly where somebody has it', async () => {
  const trials = await Promise.all(Array.from({ length: 4 }, runningTrial));
  for (let round = 0; round < 10; round++) {
    await Promise.all(
      trials.map(async (trial, i) => {
        expect((await put(`${trial.path}/f`, `contended ${i % 2}`)).status).toBeLessThan(300);
        if (i < 3) expect((await fetch(`${trial.path}/f`, { method: 'DELETE' })).status).toBe(204);
      }),
    );
    expect([await isStored('contended 0'), await isStored('contended 1')]).toEqual([false, true]);
    expect(await (await fetch(`${trials[3]!.path}/f`)).text()).toBe('contended 1');
    await fetch(`${trials[3]!.path}/f`, { method: 'DELETE' });
  }
});

test('an upload that is cut off leaves nothing, and the server goes on', async () => {
  const trial = await runningTrial();
  const { port } = server.address;
  await new Promise<void>((resolve) => {
    const upload = request({ port, method: 'PUT', path: `/artifacts/trial-${trial.id}/cut` });
    upload.on('error', () => resolve());
    upload.write('half of it');
    setTimeout(() => upload.destroy(new Error('gone')), 50);
  });
  await expect.poll(() => isStored('half of it')).toBe(false);
  expect((await fetch(`${trial.path}/cut`)).status).toBe(404);
  expect((await put(`${trial.path}/cut`, 'whole')).status).toBe(201);
});

test('GraphQL lists files and deletes them', async () => {
  const trial = await runningTrial();
  await put(`${trial.path}/b.json`, '{}', { 'content-type': 'application/json' });
  await put(`${trial.path}/a.txt`, 'a', { 'content-type': 'text/plain' });
  const id = `trial-${trial.id}`;
  const fields = 'artifacts { name size sha256 contentType createdAt url }';
  const { trial: listed } = await graphql(`query ($id: ID!) { trial(id: $id) { ${fields} } }`, { id });
  expect(listed.artifacts).toMatchObject([
    { name: 'a.txt', size: 1, sha256: sha256('a'), contentType: 'text/plain', url: `/artifacts/${id}/a.txt` },
    { name: 'b.json', size: 2 },
  ]);
  const remove = 'mutation ($id: ID!) { deleteArtifact(trial: $id, name: "a.txt") { artifacts { name } } }';
  expect((await graphql(remove, { id })).deleteArtifact.artifacts).toEqual([{ name: 'b.json' }]);
  await expect(graphql(remove, { id })).rejects.toThrow('no artifact with the name "a.txt"');
});

test('without the access token nothing is read, written or deleted', async () => {
  const guarded = await startApi(engine, { token: 'correct-horse-battery' });
  const trial = await runningTrial();
  const url = `${guarded.url}/artifacts/trial-${trial.id}/x`;
  for (const method of ['PUT', 'GET', 'HEAD', 'DELETE']) {
    expect((await fetch(url, { method, ...(method === 'PUT' && { body: 'x' }) })).status).toBe(401);
  }
  const authorization = 'Bearer correct-horse-battery';
  expect((await put(url, 'x', { authorization })).status).toBe(201);
  const foreign = await put(`${trial.path}/x`, 'x', { origin: 'https://evil.example' });
  expect(foreign.status).toBe(403);
});

/** `fetch` tidies paths up before it sends them. */
function rawStatus(method: string, path: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: server.address.port, method, path }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

interface Answer {
  trial: { artifacts: unknown[] };
  deleteArtifact: { artifacts: unknown[] };
}

async function graphql(query: string, variables: object): Promise<Answer> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Answer; errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]!.message);
  return data;
}
