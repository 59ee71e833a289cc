import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { Engine } from '../../src/execution/engine.ts';
import { isOutage } from '../../src/storage/outage.ts';
import { engineOn, quietLogger } from '../support/engine.ts';
import { behindLossyConnections } from '../support/lossy-database.ts';
import { createTestDatabase } from '../support/postgres.ts';

const database = await behindLossyConnections(await createTestDatabase());
// What cannot be stored in the first place is told, and done later.
const engine = engineOn(database, { log: { ...quietLogger, error: () => {} } });
await engine.start();
afterAll(async () => {
  await engine.close();
  await database[Symbol.asyncDispose]();
});

const patient = { timeout: 30_000, interval: 20 };
let studies = 0;

async function createStudy(): Promise<number> {
  const study = await engine.studyLife.create({
    name: `study ${++studies}`,
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    stopRules: { maxTrials: 1 },
  });
  return study.id;
}

async function ask(studyId: number) {
  const [trial] = await engine.trialLife.ask({ studyId, count: 1, worker: null, leaseMs: 60_000 });
  return trial!;
}

const finished = ({ studies: store }: Engine, studyId: number) =>
  expect.poll(() => store.get(studyId), patient).toMatchObject({ state: 'FINISHED' });

/** Makes a change whose commit is not heard of. */
async function lose(change: () => Promise<unknown>): Promise<void> {
  const lost = database.loseNextCommit();
  const error = await change().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  await lost;
  expect([error, isOutage(error)]).toEqual([expect.any(Error), true]);
}

test('a study whose last end was stored without a word ends, and its followers see it', async () => {
  const studyId = await createStudy();
  const trial = await ask(studyId);
  let news = 0;
  const stop = engine.bus.subscribe('studyChanged', ({ studyId: id }) => {
    if (id === studyId) news++;
  });
  const tell = () =>
    engine.trialLife.tell({ trialId: trial.id, attempt: 1, state: 'COMPLETED', values: { loss: 1 } });
  await lose(tell);
  await tell(); // changes nothing, so it tells nobody
  await finished(engine, studyId);
  expect(news).toBeGreaterThanOrEqual(2);
  stop();
});

test('a trial of this process whose reports and end are stored without a word is not run again', async () => {
  const { id: studyId } = await engine.studyLife.create({
    name: `study ${++studies}`,
    trainable: 'dense',
    trainableOptions: { epochs: 20, trainExamples: 400, validationExamples: 100, stepExamples: 100 },
    objectives: [{ metric: 'valAccuracy', direction: 'MAXIMIZE' }],
  });
  await engine.studyLife.start(studyId, 1);
  const read = async () => (await engine.trials.all(studyId))[0];
  const hasReported = async () => (await engine.metrics.lastCommit(studyId)) > 0;
  await expect.poll(hasReported, patient).toBe(true);
  let isOver = false;
  let losses = 0;
  void (async () => {
    for (; !isOver; losses++) {
      await database.loseNextCommit();
      await sleep(300); // what is sent again is heard of
    }
  })();
  await expect.poll(read, { ...patient, timeout: 60_000 }).toMatchObject({ finishedAt: expect.any(Date) });
  isOver = true;
  await finished(engine, studyId);
  expect(await read()).toMatchObject({ state: 'COMPLETED', attempt: 1 });
  expect(losses).toBeGreaterThan(1);
}, 90_000);
