import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { CallerError } from '../../src/core/errors.ts';
import { isFinal, nextTrialState, type TrialAction, type TrialState } from '../../src/core/trial.ts';
import type { Engine } from '../../src/execution/engine.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { engineOn } from '../support/engine.ts';
import { createTestDatabase } from '../support/postgres.ts';

vi.setConfig({ testTimeout: 60_000 });

/** By how often they are done. */
const weights = {
  ask: 5,
  report: 5,
  complete: 2,
  fail: 2,
  prune: 2,
  pause: 3,
  resume: 3,
  'give back': 3,
  lose: 1,
  stop: 1,
  retry: 1,
  heartbeat: 1,
  'start study': 4,
  'pause study': 1,
  'stop study': 0.2,
};
type Deed = keyof typeof weights;

/** What a client does: at which server, and to which of the trials that it has heard of. */
const act = fc.record({
  deed: fc.oneof(
    ...Object.entries(weights).map(([deed, weight]) => ({
      arbitrary: fc.constant(deed as Deed),
      weight: 10 * weight,
    })),
  ),
  server: fc.nat({ max: 1 }),
  trial: fc.nat({ max: 9 }),
  /** Whether it does it as the worker of the attempt that it last saw. */
  fenced: fc.boolean(),
});
const clients = fc.array(fc.array(act, { minLength: 20, maxLength: 40 }), { minLength: 6, maxLength: 6 });

test('whatever clients of two servers do to the same trials at once, the log tells it and the tables agree', async () => {
  const database = await createTestDatabase();
  const engines = ['server:a', 'server:b'].map((worker) => engineOn(database, { worker }));
  await Promise.all(engines.map((engine) => engine.start()));
  let studies = 0;
  try {
    await fc.assert(
      fc.asyncProperty(clients, async (plans) => {
        const study = await engines[0]!.studyLife.create({
          name: `races ${++studies}`,
          objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
          searchSpace: { x: { type: 'float', low: 0, high: 1 } },
          sampler: { kind: 'random', seed: 1 },
          pruner: { kind: 'asha', promotion: true, minResource: 2 },
          retries: { lost: 1, failed: 1, delaySeconds: 0 },
        });
        const race = new Race(engines, study.id);
        await Promise.all(plans.map((plan) => race.run(plan)));
        expect(race.faults).toEqual([]);
        await expectOneStory(engines, study.id, race);
      }),
      // What a race does not do again cannot be shrunk.
      { numRuns: 6, endOnFailure: true },
    );
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
});

class Race {
  /** What was thrown and is no refusal. */
  readonly faults: unknown[] = [];
  /** Steps that were acknowledged as stored, by trial. */
  readonly acknowledged = new Map<number, number[]>();
  readonly #engines: readonly Engine[];
  readonly #studyId: number;
  readonly #seen: TrialRecord[] = [];
  #step = 0;

  constructor(engines: readonly Engine[], studyId: number) {
    this.#engines = engines;
    this.#studyId = studyId;
  }

  async run(plan: readonly { deed: Deed; server: number; trial: number; fenced: boolean }[]) {
    for (const { deed, server, trial, fenced } of plan) {
      const of = this.#seen[trial % Math.max(1, this.#seen.length)];
      try {
        await this.#do(deed, this.#engines[server]!, of, fenced);
      } catch (error) {
        if (!(error instanceof CallerError && error.code === 'CONFLICT')) this.faults.push(error);
      }
    }
  }

  async #do(deed: Deed, engine: Engine, trial: TrialRecord | undefined, fenced: boolean) {
    const { trialLife, trialPauses, studyLife } = engine;
    const studyId = this.#studyId;
    if (deed === 'ask') {
      for (const given of await trialLife.ask({ studyId, count: 2, worker: 'w', leaseMs: 60_000 })) {
        this.#seen.unshift(given);
      }
    } else if (deed === 'pause study') await studyLife.pause(studyId);
    else if (deed === 'start study') await studyLife.start(studyId, null);
    else if (deed === 'stop study') await studyLife.stop(studyId);
    else if (trial !== undefined) {
      const { id } = trial;
      const attempt = fenced ? trial.attempt : null;
      const tell = { trialId: id, attempt, values: { loss: this.#step } };
      if (deed === 'report') await this.#report(engine, trial, attempt);
      else if (deed === 'complete') await trialLife.tell({ ...tell, state: 'COMPLETED' });
      else if (deed === 'fail') await trialLife.tell({ ...tell, state: 'FAILED', error: 'x' });
      else if (deed === 'prune') await trialLife.tell({ ...tell, state: 'PRUNED' });
      else if (deed === 'stop') await trialLife.stop(id);
      else if (deed === 'retry') this.#seen.push(await trialLife.retry(id));
      else if (deed === 'pause') await trialPauses.pause(id, { restart: true });
      else if (deed === 'resume') await trialPauses.resume(id);
      else if (deed === 'give back') await trialPauses.giveBack(id, trial.attempt);
      else if (deed === 'lose')
        await trialLife.takeBack(studyId, [id], (now) => now.attempt === trial.attempt, 'lost');
      else await trialLife.heartbeat([id], 60_000);
    }
  }

  async #report(engine: Engine, { id }: TrialRecord, attempt: number | null): Promise<void> {
    const step = ++this.#step;
    const columns = { steps: Int32Array.of(step), values: Float64Array.of(step), times: Float64Array.of(0) };
    const series = [{ name: 'loss', ...columns }];
    const { accepted } = await engine.trialLife.report({ trialId: id, attempt, series });
    if (accepted === 1) this.acknowledged.set(id, [...(this.acknowledged.get(id) ?? []), step]);
  }
}

async function expectOneStory(engines: readonly Engine[], studyId: number, race: Race): Promise<void> {
  const [engine] = engines;
  const study = await engine!.studies.get(studyId);
  const trials = new Map((await engine!.trials.all(studyId)).map((trial) => [trial.id, trial]));
  const events = await readEvents(engine!.database.pool, studyId, 0, 10_000);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
  const told = new Map<number, TrialRecord>();
  for (const { kind, trial } of events) {
    if (trial === null) continue;
    const before = told.get(trial.id);
    expect([kind, before?.state, trial.state].join(' '), `trial ${trial.number}`).toSatisfy(() =>
      canFollow(before?.state, trial.state),
    );
    expect(trial.attempt).toBeGreaterThanOrEqual(before?.attempt ?? 0);
    told.set(trial.id, trial);
  }
  expect([...told.keys()].sort((a, b) => a - b)).toEqual([...trials.keys()].sort((a, b) => a - b));
  for (const [id, trial] of trials) {
    // Heartbeats alone are no events.
    expect({ ...told.get(id)!, leaseUntil: null, leaseMs: null }).toEqual({
      ...trial,
      leaseUntil: null,
      leaseMs: null,
    });
    expect(trial.leaseUntil !== null).toBe(trial.state === 'RUNNING');
    expect(trial.finishedAt !== null).toBe(isFinal(trial.state));
    if (isFinal(trial.state)) expect(trial.held).toBe(false);
  }
  const states = [...trials.values()].map(({ state }) => state);
  for (const { live } of engines) {
    const { view } = await live.asOf(study);
    expect(view.trialCounts).toMatchObject({
      total: states.length,
      running: states.filter((state) => state === 'RUNNING').length,
      completed: states.filter((state) => state === 'COMPLETED').length,
    });
  }
  const stored = await engine!.metrics.read([...race.acknowledged.keys()], {});
  for (const [id, steps] of race.acknowledged) {
    expect([...(stored.get(id)![0]?.steps ?? [])]).toEqual(expect.arrayContaining(steps));
  }
}

const actions: readonly TrialAction[] = [
  'claim',
  'requeue',
  'complete',
  'prune',
  'infeasible',
  'fail',
  'cancel',
  'abandon',
  'reject',
];

/** Whether an event may leave a trial in a state: a new one, the same as before, or one that an action leads to. */
function canFollow(before: TrialState | undefined, after: TrialState): boolean {
  if (before === undefined) return after === 'QUEUED' || after === 'RUNNING';
  return before === after || actions.some((action) => nextTrialState(before, action) === after);
}
