import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { LogQueue } from '../../src/execution/log-queue.ts';
import { startApi } from '../support/api-server.ts';
import { createTestEngine } from '../support/engine.ts';

const engine = await createTestEngine();
const server = await startApi(engine);
const client = createClient({ url: server.url });
afterAll(() => client.close());

let studies = 0;
async function outsideStudy() {
  return client.studies.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  });
}

const texts = async (lines: AsyncIterable<{ text: string }>) => {
  const found: string[] = [];
  for await (const { text } of lines) found.push(text);
  return found;
};

test('what a worker logs is followed live, and the stream ends with the trial', async () => {
  const study = await outsideStudy();
  const [trial] = await study.ask();
  const seen: string[] = [];
  const following = (async () => {
    for await (const { lines } of (await client.trial(trial!.id)).followLog()) {
      expect(lines.map((line) => line.number)).toEqual(lines.map((_, i) => seen.length + i));
      seen.push(...lines.map((line) => line.text));
    }
  })();
  void trial!.log('begin\nsecond line');
  for (let i = 0; i < 200; i++) void trial!.log(`step ${i}`);
  await sleep(150);
  await trial!.log('end');
  await trial!.complete({ loss: 1 });
  await following;
  const expected = ['begin', 'second line', ...Array.from({ length: 200 }, (_, i) => `step ${i}`), 'end'];
  expect(seen).toEqual(expected);
  expect(await texts(trial!.logLines())).toEqual(expected);
  const { cursor } = await trial!.logPage({ first: 201 });
  expect((await trial!.logPage({ after: cursor, first: 5 })).lines.map((line) => line.text)).toEqual([
    'step 199',
    'end',
  ]);
});

test('a log goes on from its cursor', async () => {
  const study = await outsideStudy();
  const [trial] = await study.ask();
  await trial!.log('a\nb');
  const first = await trial!.followLog().next();
  await trial!.log('c');
  const { value } = await trial!.followLog({ after: first.value!.cursor }).next();
  expect(value!.lines.map((line) => [line.number, line.text])).toEqual([[2, 'c']]);
});

test('a worker that has lost its trial cannot log, and learns of it', async () => {
  const study = await outsideStudy();
  const [trial] = await study.ask({ leaseSeconds: 600 });
  const { studyId, id } = await engine.trials.get(Number(trial!.id.slice('trial-'.length)));
  await engine.trialLife.takeBack(studyId, [id], () => true, 'gone');
  await study.ask();
  await expect(trial!.log('late')).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(trial!.shouldStop).toBe(true);
});

test('a cancelled trial is told to stop', async () => {
  const study = await outsideStudy();
  const [trial] = await study.ask();
  await (await client.trial(trial!.id)).stop();
  await trial!.log('still here');
  expect(trial!.stopReason).toBe('The trial was cancelled.');
});

test('lines of a trial in this process go the same way, in batches and in order', async () => {
  const study = await outsideStudy();
  const [asked] = await study.ask();
  const trial = await engine.trials.get(Number(asked!.id.slice('trial-'.length)));
  const queue = new LogQueue(engine.trialLog, trial);
  for (let i = 0; i < 500; i++) {
    queue.push(`line ${i}`);
    if (i % 100 === 0) await sleep(1);
  }
  await queue.drain();
  expect(await texts(asked!.logLines())).toEqual(Array.from({ length: 500 }, (_, i) => `line ${i}`));
});

test('a trial that logs faster than anything can be stored keeps memory bounded, and says what is missing', async () => {
  const study = await outsideStudy();
  const [asked] = await study.ask();
  const trial = await engine.trials.get(Number(asked!.id.slice('trial-'.length)));
  const queue = new LogQueue(engine.trialLog, trial);
  for (let i = 0; i < 25_000; i++) queue.push(`line ${i}`);
  await queue.drain();
  const lines = await texts(asked!.logLines());
  expect(lines).toHaveLength(10_001);
  expect(lines.at(-1)).toBe('... 15000 more, faster than they can be stored');
});

test.each([
  ['times', { lines: ['a'], times: [] }, 'lines has 1'],
  ['times', { lines: ['a'], times: [1e20] }, 'milliseconds since 1970'],
  ['lines', { lines: Array(10_001).fill('x') }, 'at most 10000'],
])('faults of %s are told', async (path, input, message) => {
  const study = await outsideStudy();
  const [trial] = await study.ask();
  const report = client.mutate(
    'mutation ($input: ReportLogInput!) { reportLog(input: $input) { accepted } }',
    {
      input: { trial: trial!.id, ...input },
    },
  );
  await expect(report).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message: expect.stringContaining(message),
  });
  await expect(report).rejects.toThrow(path);
});
