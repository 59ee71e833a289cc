import { describe, expect, onTestFinished, test } from 'vitest';
import { startGraphql } from './harness.ts';
import { createStudies } from './studies.ts';

const server = await startGraphql();
const { data, subscribe } = server;
const { createStudy, askTrials, report, completeTrial } = createStudies(server);

interface EventBatch {
  readonly studyEvents: {
    readonly cursor: string;
    readonly snapshot: Record<string, unknown> | null;
    readonly events: readonly { kind: string; trial: { number: number; state: string } | null }[];
  };
}
interface MetricBatch {
  readonly metrics: {
    readonly cursor: string;
    readonly series: readonly { trial: string; name: string; steps: number[]; values: (number | null)[] }[];
  };
}

describe('studyEvents', () => {
  const follow = (study: string, after?: string) =>
    subscribe<EventBatch>(
      `subscription ($study: ID!, $after: Cursor) {
        studyEvents(study: $study, after: $after) {
          cursor
          snapshot { id state cursor trials { edges { node { number state } } } }
          events { kind at trial { number state } study { state cursor } }
        }
      }`,
      { study, after },
    );

  test('gives a snapshot first and then every change, without a gap', async () => {
    const study = await createStudy({ stopRules: { maxTrials: 20 } });
    await askTrials(study, 1);
    const events = follow(study);
    const { cursor, snapshot } = (await events.next()).studyEvents;
    expect(snapshot).toMatchObject({
      id: study,
      state: 'RUNNING',
      cursor,
      trials: { edges: [{ node: { number: 0, state: 'RUNNING' } }] },
    });
    expect(cursor).toBe('3');

    await Promise.all(
      Array.from({ length: 19 }, async () => {
        const [trial] = await askTrials(study, 1);
        await completeTrial(trial!.id, { loss: 1 });
      }),
    );
    await data('mutation ($study: ID!) { stopStudy(id: $study) { id } }', { study });
    const batches = await events.until((batch) =>
      batch.studyEvents.events.some(({ kind }) => kind === 'STUDY_FINISHED'),
    );
    const seen = batches.flatMap((batch) => batch.studyEvents.events);
    const kinds = (kind: string) =>
      seen.filter((event) => event.kind === kind).map((event) => event.trial?.number);
    const others = Array.from({ length: 19 }, (_, i) => i + 1);
    expect(kinds('TRIAL_STARTED')).toEqual(others);
    expect(kinds('TRIAL_COMPLETED').sort((a, b) => a! - b!)).toEqual(others);
    expect(kinds('TRIAL_CANCELLED')).toEqual([0]);
    expect(seen).toHaveLength(40);
    expect(batches.at(-1)!.studyEvents.cursor).toBe('43');
    expect(batches.every((batch) => batch.studyEvents.snapshot === null)).toBe(true);
    for (const event of seen.filter(({ kind }) => kind === 'TRIAL_STARTED'))
      expect(event.trial!.state).toBe('RUNNING');
  });

  test('replays what comes after a cursor, one event at a time where it was read so', async () => {
    const study = await createStudy();
    const [trial] = await askTrials(study, 1);
    await completeTrial(trial!.id, { loss: 1 });
    const kindsAfter = async (after: string) => {
      const { studyEvents } = await follow(study, after).next();
      expect(studyEvents.snapshot).toBeNull();
      return studyEvents.events.map(({ kind }) => kind);
    };
    expect(await kindsAfter('0')).toEqual([
      'STUDY_CREATED',
      'STUDY_STARTED',
      'TRIAL_STARTED',
      'TRIAL_COMPLETED',
    ]);
    expect(await kindsAfter('3')).toEqual(['TRIAL_COMPLETED']);
  });

  test('ends when the study is deleted', async () => {
    const study = await createStudy();
    const events = follow(study);
    await events.next();
    await data('mutation ($study: ID!) { deleteStudy(id: $study) }', { study });
    // The end of the study itself may still be seen.
    const next = await events.next().catch(() => null);
    if (next !== null) expect(await events.isDone()).toBe(true);
  });
});

describe('trialProgress', () => {
  test('shows the state and the latest metrics until the trial has ended', async () => {
    const study = await createStudy();
    const [trial] = await askTrials(study, 1);
    const progress = subscribe<{ trialProgress: { trial: object; fraction: number | null; latest: object } }>(
      `subscription ($trial: ID!) {
        trialProgress(trial: $trial) { trial { id state } fraction expectedEnd step latest }
      }`,
      { trial: trial!.id },
    );
    expect((await progress.next()).trialProgress).toEqual({
      trial: { id: trial!.id, state: 'RUNNING' },
      fraction: null,
      expectedEnd: null,
      step: null,
      latest: {},
    });
    await report(trial!.id, 'loss', [1, 7], [3, 0.5]);
    expect((await progress.next()).trialProgress).toMatchObject({ step: 7, latest: { loss: 0.5 } });
    await completeTrial(trial!.id, {});
    expect((await progress.next()).trialProgress).toMatchObject({
      trial: { state: 'COMPLETED' },
      fraction: 1,
    });
    expect(await progress.isDone()).toBe(true);
  });

  test('shows a trial that has ended once', async () => {
    const study = await createStudy();
    const [trial] = await askTrials(study, 1);
    await data('mutation ($id: ID!) { stopTrial(id: $id) { id } }', { id: trial!.id });
    const progress = subscribe(
      `subscription ($trial: ID!) { trialProgress(trial: $trial) { trial { state } } }`,
      {
        trial: trial!.id,
      },
    );
    expect(await progress.next()).toEqual({ trialProgress: { trial: { state: 'CANCELLED' } } });
    expect(await progress.isDone()).toBe(true);
  });
});

describe('metrics', () => {
  const follow = (variables: Record<string, unknown>) =>
    subscribe<MetricBatch>(
      `subscription ($study: ID, $trials: [ID!], $names: [String!], $after: Cursor, $maxRateHz: Float) {
        metrics(study: $study, trials: $trials, names: $names, after: $after, maxRateHz: $maxRateHz) {
          cursor series { trial name steps values times packedValues }
        }
      }`,
      variables,
    );

  test('begins with the cursor of now, and then gives new points as columns', async () => {
    const study = await createStudy();
    const [trial] = await askTrials(study, 1);
    await report(trial!.id, 'loss', [0], [9]);
    const points = follow({ study });
    const first = await points.next();
    expect(first.metrics.series).toEqual([]);
    await report(trial!.id, 'loss', [1, 2], [8, 7]);
    const { series } = (await points.next()).metrics;
    expect(series).toMatchObject([{ trial: trial!.id, name: 'loss', steps: [1, 2], values: [8, 7] }]);
    const again = await follow({ study, after: first.metrics.cursor }).next();
    expect(again.metrics.series).toEqual(series);
  });

  test('joins what comes faster than maxRateHz, and loses nothing', async () => {
    const study = await createStudy();
    const [trial] = await askTrials(study, 1);
    const points = follow({ study, maxRateHz: 4 });
    await points.next();
    const start = performance.now();
    for (let step = 0; step < 30; step++) await report(trial!.id, 'loss', [step], [step]);
    const batches = await points.until((batch) =>
      batch.metrics.series.some(({ steps }) => steps.includes(29)),
    );
    const seconds = (performance.now() - start) / 1000;
    const steps = batches.flatMap(({ metrics }) => metrics.series.flatMap((series) => series.steps));
    expect(steps).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(batches.length).toBeLessThanOrEqual(Math.ceil(seconds * 4) + 1);
  });

  test('replays all from the cursor "0", of some trials and names only', async () => {
    const study = await createStudy();
    const trials = await askTrials(study, 3);
    for (const [i, trial] of trials.entries()) {
      await report(trial.id, 'loss', [i], [i]);
      await report(trial.id, 'accuracy', [i], [-i]);
    }
    const all = (await follow({ study, after: '0' }).next()).metrics.series;
    expect(all).toHaveLength(6);
    const some = await follow({
      trials: [trials[2]!.id, trials[0]!.id],
      names: ['accuracy'],
      after: '0',
    }).next();
    expect(some.metrics.series).toMatchObject([
      { trial: trials[0]!.id, name: 'accuracy', values: [0] },
      { trial: trials[2]!.id, name: 'accuracy', values: [-2] },
    ]);
  });

  test('follows trials of two studies at once, and goes on from their common cursor', async () => {
    const trials: string[] = [];
    for (const study of [await createStudy(), await createStudy()])
      trials.push((await askTrials(study, 1))[0]!.id);
    const points = follow({ trials });
    const { cursor } = (await points.next()).metrics;
    for (const [i, trial] of trials.entries()) await report(trial, 'loss', [i], [i]);
    for (const reader of [points, follow({ trials, after: cursor })]) {
      const batches = await reader.until((batch) =>
        batch.metrics.series.some((series) => series.trial === trials[1]),
      );
      expect(batches.flatMap((batch) => batch.metrics.series)).toHaveLength(2);
    }
  });
});

test('devices come at once, and again when something changes', async () => {
  const devices = subscribe('subscription { devices { name kind memoryUsedBytes runningTrials } }');
  expect(await devices.next()).toMatchObject({ devices: [{ name: 'test', runningTrials: 0 }] });
  server.engine.bus.publish('devicesChanged', {});
  expect(await devices.next()).toMatchObject({ devices: [{ name: 'test' }] });
});

test('a subscription that is stopped is watched for no more', async () => {
  const { bus } = server.engine;
  const subscribeToBus = bus.subscribe.bind(bus);
  let watchers = 0;
  bus.subscribe = (name, listener) => {
    watchers++;
    const end = subscribeToBus(name, listener);
    return () => {
      watchers--;
      end();
    };
  };
  onTestFinished(() => {
    bus.subscribe = subscribeToBus;
  });
  const study = await createStudy();
  const [trial] = await askTrials(study, 1);
  const operations = [
    subscribe('subscription ($study: ID!) { studyEvents(study: $study) { cursor } }', { study }),
    subscribe('subscription ($study: ID!) { metrics(study: $study) { cursor } }', { study }),
    subscribe('subscription ($trial: ID!) { trialProgress(trial: $trial) { fraction } }', {
      trial: trial!.id,
    }),
    subscribe('subscription { devices { name } }'),
  ];
  for (const operation of operations) await operation.next();
  expect(watchers).toBe(11);
  for (const operation of operations) await operation.stop();
  await expect.poll(() => watchers).toBe(0);
});

test.each<[string, string, string, string]>([
  ['studyEvents of no study', 'studyEvents(study: "study-999999") { cursor }', 'NOT_FOUND', ''],
  ['studyEvents of a trial', 'studyEvents(study: "trial-1") { cursor }', 'BAD_USER_INPUT', 'study'],
  [
    'studyEvents of a wrong cursor',
    'studyEvents(study: $study, after: "x") { cursor }',
    'BAD_USER_INPUT',
    'after',
  ],
  [
    'studyEvents of the future',
    'studyEvents(study: $study, after: "99") { cursor }',
    'BAD_USER_INPUT',
    'after',
  ],
  ['trialProgress of no trial', 'trialProgress(trial: "trial-999999") { fraction }', 'NOT_FOUND', ''],
  ['trialProgress of a study', 'trialProgress(trial: $study) { fraction }', 'BAD_USER_INPUT', 'trial'],
  ['metrics of nothing', 'metrics { cursor }', 'BAD_USER_INPUT', 'study'],
  ['metrics of no trials', 'metrics(trials: []) { cursor }', 'BAD_USER_INPUT', 'trials'],
  ['metrics of no names', 'metrics(study: $study, names: []) { cursor }', 'BAD_USER_INPUT', 'names'],
  ['metrics at no rate', 'metrics(study: $study, maxRateHz: 0) { cursor }', 'BAD_USER_INPUT', 'maxRateHz'],
  [
    'metrics at a negative rate',
    'metrics(study: $study, maxRateHz: -1) { cursor }',
    'BAD_USER_INPUT',
    'maxRateHz',
  ],
  [
    'metrics at a mad rate',
    'metrics(study: $study, maxRateHz: 1e9) { cursor }',
    'BAD_USER_INPUT',
    'maxRateHz',
  ],
  ['metrics of a wrong cursor', 'metrics(study: $study, after: "1,2") { cursor }', 'BAD_USER_INPUT', 'after'],
  ['metrics of the future', 'metrics(study: $study, after: $future) { cursor }', 'BAD_USER_INPUT', 'after'],
  [
    "metrics of another study's cursor",
    'metrics(study: $study, after: "1:0") { cursor }',
    'BAD_USER_INPUT',
    'after',
  ],
  [
    'metrics with a NUL',
    'metrics(study: $study, names: ["\\u0000"]) { cursor }',
    'BAD_USER_INPUT',
    'names[0]',
  ],
])('%s is refused with the reason and the place', async (_, operation, code, path) => {
  const study = await createStudy();
  const future = `${study.slice('study-'.length)}:5`;
  const names = [
    operation.includes('$study') && '$study: ID!',
    operation.includes('$future') && '$future: Cursor',
  ];
  const declared = names.filter(Boolean).join(', ');
  const query = `subscription ${declared && `(${declared})`} { ${operation} }`;
  const refused = subscribe(query, { study, future }).next();
  await expect(refused).rejects.toMatchObject([
    { extensions: { code, ...(path && { faults: [{ path, message: expect.stringMatching(/\w/) }] }) } },
  ]);
});
