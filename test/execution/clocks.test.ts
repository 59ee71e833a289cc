import { afterEach, expect, test, vi } from 'vitest';
import { cancelled } from '../../src/execution/trial-changes.ts';
import { createTestEngine } from '../support/engine.ts';

const engine = await createTestEngine();
await engine.start();
const { trialLife } = engine;
const patient = { timeout: 10_000, interval: 20 };
const hourMs = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

let studies = 0;
async function ask(...leasesMs: number[]) {
  const { id: studyId } = await engine.studyLife.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  });
  const claims = leasesMs.map((leaseMs) => trialLife.ask({ studyId, count: 1, worker: 'worker', leaseMs }));
  return (await Promise.all(claims)).map(([trial]) => trial!);
}

test.each([
  ['forward', hourMs],
  ['back', -hourMs],
])('a clock of this machine that is set %s ends no lease, and keeps none', async (_, ms) => {
  const [held, left] = await ask(60_000, 100);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
  await expect.poll(() => engine.trials.get(left!.id), patient).toMatchObject({ state: 'QUEUED' });
  expect(await engine.trials.get(held!.id)).toMatchObject({ state: 'RUNNING', attempt: 1 });
  const told = { trialId: held!.id, attempt: 1, state: 'COMPLETED', values: { loss: 1 } } as const;
  const { startedAt, finishedAt } = await trialLife.tell(told);
  expect(Math.abs(finishedAt!.getTime() - startedAt!.getTime())).toBeLessThan(60_000);
});

test('no trial ends before it has started', async () => {
  const [trial] = await ask(60_000);
  const before = new Date(trial!.startedAt!.getTime() - hourMs);
  expect(cancelled(trial!, before).trial.finishedAt).toEqual(trial!.startedAt);
});
