import { createHash, randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { startApi } from '../support/api-server.ts';
import { createTestEngine } from '../support/engine.ts';

const engine = await createTestEngine();
const server = await startApi(engine, { token: 'correct-horse-battery' });
const client = createClient({ url: server.url, token: 'correct-horse-battery' });
afterAll(() => client.close());

let studies = 0;
async function outsideStudy() {
  return client.studies.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  });
}

test('a worker uploads files of every kind, and others list and download them', async () => {
  const study = await outsideStudy();
  const [trial] = await study.ask();
  const weights = randomBytes(200_000);
  const stored = await trial!.upload('checkpoints/épôque 1.bin', weights);
  expect(stored).toMatchObject({ size: 200_000, sha256: createHash('sha256').update(weights).digest('hex') });
  await trial!.upload('notes.txt', 'all is well');
  await trial!.upload('curve.png', new Blob(['png'], { type: 'image/png' }));
  await trial!.upload('model.json', '{"a":1}', { contentType: 'application/json' });
  await trial!.complete({ loss: 1 });

  const seen = await client.trial(trial!.id);
  expect((await seen.artifacts()).map(({ name, contentType }) => [name, contentType])).toEqual([
    ['checkpoints/épôque 1.bin', 'application/octet-stream'],
    ['curve.png', 'image/png'],
    ['model.json', 'application/json'],
    ['notes.txt', 'text/plain; charset=utf-8'],
  ]);
  const downloaded = await seen.download('checkpoints/épôque 1.bin');
  expect(Buffer.from(await downloaded.arrayBuffer()).equals(weights)).toBe(true);
  expect(await (await seen.download('model.json')).json()).toEqual({ a: 1 });
  await seen.deleteArtifact('model.json');
  await expect(seen.download('model.json')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('what the server refuses is thrown with its code', async () => {
  const study = await outsideStudy();
  const [trial] = await study.ask({ leaseSeconds: 600 });
  await expect(trial!.upload('../escape', 'x')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  const large = new Uint8Array(engine.artifacts.maxBytes + 1);
  await expect(trial!.upload('large', large)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  const { studyId, id } = await engine.trials.get(Number(trial!.id.slice('trial-'.length)));
  await engine.trialLife.takeBack(studyId, [id], () => true, 'gone');
  await study.ask();
  await expect(trial!.upload('late', 'x')).rejects.toMatchObject({ code: 'CONFLICT' });
});
