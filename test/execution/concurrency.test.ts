import { describe, expect, test } from 'vitest';
import type { NewStudy } from '../../src/execution/parse-study-settings.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { createTestEngine } from '../support/engine.ts';

const engine = await createTestEngine();
const { trialLife, studyLife } = engine;
/** More callers than the pool has connections. */
const callers = 3 * engine.database.pool.options.max!;

describe('many callers at once', () => {
  test('end trials with the values that they reported', async () => {
    const studyId = await createStudy();
    const trials = await ask(studyId, callers);
    await Promise.all(
      trials.map((trial) => trialLife.report({ trialId: trial.id, series: [loss(trial.number)] })),
    );
    const ended = await Promise.all(
      trials.map(({ id }) => trialLife.tell({ trialId: id, state: 'COMPLETED' })),
    );
    expect(ended.map((trial) => trial.values!.loss)).toEqual(trials.map((trial) => trial.number));
  });

  test('ask, report, tell and stop in one study, and the log tells it all in order', async () => {
    const studyId = await createStudy({ stopRules: { maxTrials: callers }, pruner: { kind: 'median' } });
    await Promise.all(
      Array.from({ length: callers }, async (_, i) => {
        const [trial] = await ask(studyId, 1);
        await trialLife.report({ trialId: trial!.id, series: [loss(i)] });
        if (i % 3 === 0) await trialLife.stop(trial!.id);
        else await trialLife.tell({ trialId: trial!.id, state: 'COMPLETED' });
      }),
    );
    await expect.poll(() => engine.studies.get(studyId)).toMatchObject({ state: 'FINISHED' });
    const events = await readEvents(engine.database.pool, studyId, 0, 1000);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));
    expect(events).toHaveLength(3 + 2 * callers);
    const { view } = await engine.live.get(studyId);
    expect(view.trialCounts).toMatchObject({ running: 0, total: callers });
  });

  test('send heartbeats for the same trials in any order while these end', async () => {
    const studyId = await createStudy();
    const trials = await ask(studyId, 60);
    const ids = trials.map((trial) => trial.id);
    const heartbeats = Array.from({ length: 40 }, (_, i) =>
      trialLife.heartbeat(i % 2 === 0 ? ids : ids.toReversed(), 60_000 + i),
    );
    const endings = [ids.toReversed(), ids].map((order, i) =>
      trialLife.tellMany(
        order
          .filter((id) => id % 2 === i)
          .map((trialId) => ({ trialId, state: 'COMPLETED' as const, values: { loss: 1 } })),
      ),
    );
    await Promise.all([...heartbeats, ...endings]);
    const states = (await engine.trials.findMany(ids)).map((trial) => trial!.state);
    expect(new Set(states)).toEqual(new Set(['COMPLETED']));
  });

  test('create one study of a name', async () => {
    const settings = { name: 'the one', objectives: [{ metric: 'loss', direction: 'MINIMIZE' }] };
    const created = await Promise.allSettled(
      Array.from({ length: callers }, () => studyLife.create(settings)),
    );
    expect(created.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of created) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CONFLICT' });
    }
  });
});

let studies = 0;

async function createStudy(settings: Partial<NewStudy> = {}): Promise<number> {
  const study = await studyLife.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    sampler: { kind: 'random' },
    ...settings,
  });
  return study.id;
}

function ask(studyId: number, count: number): Promise<TrialRecord[]> {
  return trialLife.ask({ studyId, count, worker: 'tester', leaseMs: 60_000 });
}

function loss(value: number) {
  return {
    name: 'loss',
    steps: Int32Array.of(1),
    values: Float64Array.of(value),
    times: Float64Array.of(0),
  };
}
