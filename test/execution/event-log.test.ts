import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallerError } from '../../src/core/errors.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import type { StudyEventRecord, StudyRecord, TrialRecord } from '../../src/storage/records.ts';
import { createTestEngine } from '../support/engine.ts';

const engine = await createTestEngine();
const { trialLife, studyLife } = engine;

const actions = [
  'ask',
  'askLate',
  'enqueue',
  'report',
  'complete',
  'fail',
  'prune',
  'stop',
  'retry',
  'requeue',
  'heartbeat',
  'start',
  'pause',
  'finish',
  'widen',
] as const;
type Action = { readonly do: (typeof actions)[number]; readonly place: number };

test('whatever happens to a study, replaying its events gives the study and its trials', async () => {
  const action = fc.record({ do: fc.constantFrom(...actions), place: fc.nat({ max: 50 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(action, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 20 }),
      async (groups) => {
        const study = await createStudy();
        for (const group of groups) await Promise.all(group.map((next) => perform(study.id, next)));
        await expectReplayable(study.id);
      },
    ),
    { numRuns: 20, interruptAfterTimeLimit: 12_000 },
  );
});

/** Does what can be done; a caller's fault changes nothing. */
async function perform(studyId: number, { do: what, place }: Action): Promise<void> {
  const all = await engine.trials.all(studyId);
  const trial = all[place % Math.max(1, all.length)];
  try {
    await act(what, studyId, trial, place);
  } catch (error) {
    if (!(error instanceof CallerError)) throw error;
  }
}

async function act(what: Action['do'], studyId: number, trial: TrialRecord | undefined, place: number) {
  switch (what) {
    case 'ask':
      return trialLife.ask({ studyId, count: 1 + (place % 3), worker: 'tester', leaseMs: 60_000 });
    case 'askLate':
      return trialLife.ask({ studyId, count: 1, worker: null, leaseMs: -1 });
    case 'enqueue':
      return trialLife.enqueue(studyId, [{ x: (place % 10) / 10 }, {}]);
    case 'start':
      return studyLife.start(studyId, place % 2 === 0 ? null : place + 1);
    case 'pause':
      return studyLife.pause(studyId);
    case 'finish':
      return place % 5 === 0 ? studyLife.stop(studyId) : undefined;
    case 'widen':
      return studyLife.update(studyId, {
        description: `${place}`,
        searchSpace: { x: { type: 'float', low: 0, high: 1 + place } },
      });
  }
  if (trial === undefined) return;
  switch (what) {
    case 'report':
      return trialLife.report({ trialId: trial.id, attempt: trial.attempt, series: [loss(place)] });
    case 'complete':
      return trialLife.tell({
        trialId: trial.id,
        attempt: trial.attempt,
        state: 'COMPLETED',
        values: { loss: place },
      });
    case 'fail':
      return trialLife.tell({ trialId: trial.id, state: 'FAILED', error: 'It broke: "{}"\n' });
    case 'prune':
      return trialLife.tell({ trialId: trial.id, state: 'PRUNED' });
    case 'stop':
      return trialLife.stop(trial.id);
    case 'retry':
      return trialLife.retry(trial.id);
    case 'requeue':
      return trialLife.takeBack(
        studyId,
        [trial.id],
        ({ leaseUntil }) => leaseUntil! < new Date(),
        'Its lease ended',
      );
    case 'heartbeat':
      return trialLife.heartbeat([trial.id], 120_000);
  }
}

async function expectReplayable(studyId: number): Promise<void> {
  const events = await readPages(studyId, 7);
  expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));

  const trials = new Map<number, TrialRecord>();
  let study: StudyRecord | null = null;
  for (const event of events) {
    expect((event.trial === null) !== (event.study === null)).toBe(true);
    if (event.trial !== null) trials.set(event.trial.number, event.trial);
    study = event.study ?? study;
  }
  const stored = await engine.trials.all(studyId);
  expect(trials.size).toBe(stored.length);
  // Renewing a lease is no change of the trial.
  const withoutLease = (trial: TrialRecord) => ({ ...trial, leaseUntil: null });
  expect([...trials.values()].sort((a, b) => a.number - b.number).map(withoutLease)).toEqual(
    stored.map(withoutLease),
  );
  // The counters advance with every trial, which is no event of the study.
  const current = await engine.studies.get(studyId);
  expect({ ...study!, trialCount: stored.length, lastEvent: events.length }).toEqual(current);
  for (const event of events) if (event.study !== null) expect(event.study.lastEvent).toBe(event.sequence);

  const { view } = await engine.live.get(studyId);
  const counts = await engine.trials.countsByState([studyId]);
  for (const [state, count] of Object.entries(counts.get(studyId) ?? {})) {
    expect(view.trialCounts).toMatchObject({ [state.toLowerCase()]: count });
  }
}

async function readPages(studyId: number, limit: number): Promise<StudyEventRecord[]> {
  const events: StudyEventRecord[] = [];
  for (;;) {
    const page = await readEvents(engine.database.pool, studyId, events.length, limit);
    events.push(...page);
    if (page.length < limit) return events;
  }
}

let studies = 0;

function createStudy(): Promise<StudyRecord> {
  return studyLife.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    sampler: { kind: 'random', seed: 1 },
    pruner: { kind: 'median' },
    stopRules: { maxTrials: 15 },
  });
}

function loss(value: number) {
  return {
    name: 'loss',
    steps: Int32Array.of(value),
    values: Float64Array.of(value),
    times: Float64Array.of(0),
  };
}
