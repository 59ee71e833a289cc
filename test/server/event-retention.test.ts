import { afterAll, expect, test } from 'vitest';
import { createClient, type StudyEventBatch } from '../../src/client/index.ts';
import { deleteOldEvents } from '../../src/storage/event-retention.ts';
import { startApi } from '../support/api-server.ts';
import { createTestEngine } from '../support/engine.ts';

const engine = await createTestEngine();
const server = await startApi(engine);
const client = createClient({ url: server.url });
afterAll(() => client.close());

async function next(events: AsyncIterableIterator<StudyEventBatch, void>): Promise<StudyEventBatch> {
  return (await events.next()).value!;
}

test('whoever comes back with a cursor that is too old begins again with a snapshot, and misses nothing after it', async () => {
  const study = await client.studies.create({
    name: 'long',
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  });
  await study.enqueue(Array.from({ length: 50 }, () => ({ x: 0.5 })));
  const slow = study.events({ after: '1' });
  await deleteOldEvents(engine.database.pool, 10);

  let total = 50;
  for (const events of [slow, study.events({ after: '3' })]) {
    const first = await next(events);
    expect(first.events).toEqual([]);
    expect(first.snapshot).toMatchObject({ id: study.id, trialCounts: { total } });
    expect(first.cursor).toBe(String(total + 1));
    await study.enqueue([{ x: 0.25 }]);
    total += 1;
    const second = await next(events);
    expect(second.events.map((event) => event.trial!.params)).toEqual([{ x: 0.25 }]);
  }
  const recent = await next(study.events({ after: '47' }));
  expect([recent.snapshot, recent.events.length]).toEqual([null, 6]);
});
