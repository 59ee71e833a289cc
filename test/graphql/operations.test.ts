import { describe, expect, test } from 'vitest';
import { startGraphql } from './harness.ts';
import { createStudies } from './studies.ts';

const server = await startGraphql();
const { data } = server;
const { createStudy, askTrials, completeTrial } = createStudies(server);

describe('studies', () => {
  test('createStudy stores all that it is given, and studies finds it by id, name and node', async () => {
    const input = {
      name: 'everything',
      project: 'mnist',
      description: 'All settings',
      trainable: 'dense',
      trainableOptions: { epochs: 1, trainExamples: 1000, validationExamples: 100 },
      objectives: [
        { metric: 'valAccuracy', direction: 'MAXIMIZE' },
        { metric: 'trainSeconds', direction: 'MINIMIZE' },
      ],
      constraints: [{ metric: 'parameters', comparison: 'LESS_OR_EQUAL', bound: 1e6 }],
      searchSpace: {
        layers: { type: 'int', low: 1, high: 2 },
        units2: { type: 'int', low: 16, high: 64, log: true, when: { layers: 2 } },
        optimizer: { type: 'categorical', choices: ['adam', 'sgd'] },
        learningRate: { type: 'float', low: 0.001, high: 0.1, log: true },
      },
      sampler: { kind: 'tpe', seed: 42 },
      pruner: { kind: 'median', startupTrials: 3 },
      stopRules: {
        maxTrials: 20,
        timeoutSeconds: 600,
        target: { metric: 'valAccuracy', value: 0.99 },
        patience: 10,
      },
      maxConcurrentTrials: 2,
      priority: -3,
      tags: ['first', 'mnist'],
    };
    const fields = `id name project description state stopReason trainable { name } trainableOptions
      objectives { metric direction } constraints { metric comparison bound } searchSpace sampler pruner stopRules
      maxConcurrentTrials priority tags seed createdAt startedAt finishedAt trialCounts { total } hypervolume cursor
      bestTrials { id } trialColumns { numbers } trials { totalCount }`;
    const { study } = await data<{ study: { id: string } }>(
      `mutation ($input: CreateStudyInput!) { study: createStudy(input: $input) { ${fields} } }`,
      { input },
    );
    expect(study).toMatchObject({
      ...input,
      trainable: { name: 'dense' },
      state: 'CREATED',
      seed: 42,
      cursor: '1',
      trialCounts: { total: 0 },
      trials: { totalCount: 0 },
    });
    expect(
      await data(
        `query ($id: ID!) {
          byId: study(id: $id) { ${fields} }
          byName: studyByName(name: "everything", project: "mnist") { ${fields} }
          byNode: node(id: $id) { __typename id ... on Study { name } }
          elsewhere: studyByName(name: "everything") { id }
          list: studies(filter: { project: "mnist", tags: ["first"], nameContains: "THING", states: [CREATED] }) {
            totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          }
        }`,
        { id: study.id },
      ),
    ).toMatchObject({
      byId: study,
      byName: study,
      byNode: { __typename: 'Study', id: study.id, name: 'everything' },
      elsewhere: null,
      list: { totalCount: 1, edges: [{ node: { id: study.id } }], pageInfo: { hasNextPage: false } },
    });
  });

  test('studies come in pages', async () => {
    for (const name of ['p1', 'p2', 'p3']) await createStudy({ name, tags: ['paged'] });
    const query = `query ($after: String) {
      studies(first: 2, after: $after, filter: { tags: ["paged"] }, orderBy: { field: NAME, descending: false }) {
        totalCount edges { node { name } } pageInfo { hasNextPage hasPreviousPage endCursor }
      }
    }`;
    type Page = { studies: { pageInfo: { endCursor: string } } };
    const first = await data<Page>(query);
    expect(first.studies).toMatchObject({
      totalCount: 3,
      edges: [{ node: { name: 'p1' } }, { node: { name: 'p2' } }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    const second = await data<Page>(query, { after: first.studies.pageInfo.endCursor });
    expect(second.studies).toMatchObject({
      totalCount: 3,
      edges: [{ node: { name: 'p3' } }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
  });

  test('updateStudy changes what is given and keeps the rest; new suggestions come from the new space', async () => {
    const id = await createStudy({ description: 'before', tags: ['kept'] });
    await askTrials(id, 1);
    const { updateStudy } = await data(
      `mutation ($id: ID!, $input: UpdateStudyInput!) {
        updateStudy(id: $id, input: $input) { description tags searchSpace stopRules maxConcurrentTrials priority }
      }`,
      {
        id,
        input: {
          description: 'after',
          searchSpace: { y: { type: 'int', low: 5, high: 5 } },
          stopRules: { maxTrials: 3 },
          maxConcurrentTrials: 9,
          priority: 5,
        },
      },
    );
    expect(updateStudy).toEqual({
      description: 'after',
      tags: ['kept'],
      searchSpace: { y: { type: 'int', low: 5, high: 5 } },
      stopRules: { maxTrials: 3 },
      maxConcurrentTrials: 9,
      priority: 5,
    });
    expect(await askTrials(id, 9)).toMatchObject([{ params: { y: 5 } }, { params: { y: 5 } }]);
  });

  test('startStudy, pauseStudy and stopStudy move it through its states', async () => {
    const id = await createStudy();
    const move = async (operation: string) =>
      await data<Record<string, object>>(`mutation ($id: ID!) { ${operation} { state stopReason } }`, { id });
    expect(await move('startStudy(id: $id, trials: 3)')).toMatchObject({ startStudy: { state: 'RUNNING' } });
    expect(await askTrials(id, 5)).toHaveLength(3);
    expect(await move('pauseStudy(id: $id)')).toMatchObject({ pauseStudy: { state: 'PAUSED' } });
    expect(await move('startStudy(id: $id)')).toMatchObject({ startStudy: { state: 'RUNNING' } });
    expect(await move('stopStudy(id: $id)')).toEqual({
      stopStudy: { state: 'FINISHED', stopReason: 'Stopped by request.' },
    });
    const { study } = await data('query ($id: ID!) { study(id: $id) { trialCounts { cancelled total } } }', {
      id,
    });
    expect(study).toEqual({ trialCounts: { cancelled: 3, total: 3 } });
  });

  test('deleteStudy leaves nothing of it', async () => {
    const id = await createStudy();
    const [trial] = await askTrials(id, 1);
    expect(await data('mutation ($id: ID!) { deleteStudy(id: $id) }', { id })).toEqual({ deleteStudy: id });
    expect(
      await data(
        'query ($id: ID!, $trial: ID!) { study(id: $id) { id } trial(id: $trial) { id } node(id: $id) { id } }',
        {
          id,
          trial: trial!.id,
        },
      ),
    ).toEqual({ study: null, trial: null, node: null });
  });

  test('cloneStudy copies the settings, with the best parameters first when it starts warm', async () => {
    const id = await createStudy({ tags: ['original'], stopRules: { maxTrials: 50 } });
    const trials = await askTrials(id, 3);
    for (const [i, trial] of trials.entries()) await completeTrial(trial.id, { loss: 3 - i });
    const { cold, warm } = await data<Record<string, object>>(
      `mutation ($id: ID!) {
        cold: cloneStudy(id: $id, name: "cold") { name tags stopRules state trialCounts { queued } }
        warm: cloneStudy(id: $id, name: "warm", warmStart: true) { trials { edges { node { state params } } } }
      }`,
      { id },
    );
    expect(cold).toEqual({
      name: 'cold',
      tags: ['original'],
      stopRules: { maxTrials: 50 },
      state: 'CREATED',
      trialCounts: { queued: 0 },
    });
    expect(warm).toEqual({
      trials: { edges: trials.toReversed().map(({ params }) => ({ node: { state: 'QUEUED', params } })) },
    });
  });
});

describe('trials', () => {
  test('enqueueTrials queues them, and askTrials starts those first', async () => {
    const id = await createStudy();
    const { enqueueTrials } = await data<{ enqueueTrials: { id: string }[] }>(
      `mutation ($id: ID!) { enqueueTrials(study: $id, params: [{ x: 0.25 }, {}]) { id number state params attempt } }`,
      { id },
    );
    expect(enqueueTrials).toMatchObject([
      { number: 0, state: 'QUEUED', params: { x: 0.25 }, attempt: 0 },
      { number: 1, state: 'QUEUED', params: {}, attempt: 0 },
    ]);
    const { askTrials } = await data(
      `mutation ($id: ID!) {
        askTrials(study: $id, count: 3, worker: "me", leaseSeconds: 30) {
          id number state params attempt worker queuedAt startedAt leaseUntil study { id }
        }
      }`,
      { id },
    );
    expect(askTrials).toMatchObject([
      {
        id: enqueueTrials[0]!.id,
        state: 'RUNNING',
        attempt: 1,
        worker: 'me',
        params: { x: 0.25 },
        study: { id },
      },
      { id: enqueueTrials[1]!.id, params: { x: expect.any(Number) } },
      { number: 2, params: { x: expect.any(Number) }, startedAt: expect.any(String) },
    ]);
  });

  test('heartbeatTrials prolongs leases and shows the trials as they are', async () => {
    const id = await createStudy();
    const [running, stopped] = await askTrials(id, 2);
    await data('mutation ($id: ID!) { stopTrial(id: $id) { state } }', { id: stopped!.id });
    const { heartbeatTrials } = await data<{ heartbeatTrials: { leaseUntil: string }[] }>(
      `mutation ($ids: [ID!]!) { heartbeatTrials(ids: $ids, leaseSeconds: 3600) { id state leaseUntil } }`,
      { ids: [stopped!.id, running!.id] },
    );
    expect(heartbeatTrials).toMatchObject([
      { id: stopped!.id, state: 'CANCELLED', leaseUntil: null },
      { id: running!.id, state: 'RUNNING' },
    ]);
    expect(Date.parse(heartbeatTrials[1]!.leaseUntil)).toBeGreaterThan(Date.now() + 3_500_000);
  });

  test('reportMetrics stores columns and packed columns alike, and metricSeries reads them', async () => {
    const id = await createStudy();
    const [trial] = await askTrials(id, 1);
    const packed = (column: Int32Array | Float64Array) => Buffer.from(column.buffer).toString('base64');
    const values = Float64Array.of(1.5, Number.NaN, Number.NEGATIVE_INFINITY);
    const input = {
      trial: trial!.id,
      attempt: 1,
      batch: 0,
      series: [
        { name: 'loss', steps: [2, 1], values: [0.5, null], times: [2000, 1000] },
        { name: 'packed', packedSteps: packed(Int32Array.of(0, 1, 2)), packedValues: packed(values) },
      ],
    };
    const report =
      'mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted shouldStop reason } }';
    const accepted = { reportMetrics: { accepted: 5, shouldStop: false, reason: null } };
    expect(await data(report, { input })).toEqual(accepted);
    expect(await data(report, { input })).toEqual(accepted);

    const { node } = await data(
      `query ($id: ID!) {
        node(id: $id) {
          ... on Trial {
            metricSeries { name count last min max steps values times packedSteps packedValues packedTimes }
            some: metricSeries(names: ["loss"], fromStep: 2, toStep: 9) { name steps }
            sampled: metricSeries(names: ["packed"], maxPoints: 2) { count steps }
          }
        }
      }`,
      { id: trial!.id },
    );
    expect(node).toEqual({
      metricSeries: [
        {
          name: 'loss',
          count: 2,
          last: 0.5,
          min: 0.5,
          max: 0.5,
          steps: [1, 2],
          values: [null, 0.5],
          times: [1000, 2000],
          packedSteps: packed(Int32Array.of(1, 2)),
          packedValues: packed(Float64Array.of(Number.NaN, 0.5)),
          packedTimes: packed(Float64Array.of(1000, 2000)),
        },
        {
          name: 'packed',
          count: 3,
          last: null,
          min: 1.5,
          max: 1.5,
          steps: [0, 1, 2],
          values: [1.5, null, null],
          times: expect.any(Array),
          packedSteps: packed(Int32Array.of(0, 1, 2)),
          packedValues: packed(values),
          packedTimes: expect.any(String),
        },
      ],
      some: [{ name: 'loss', steps: [2] }],
      sampled: [{ count: 3, steps: [0, 2] }],
    });
  });

  test('tellTrial and tellTrials end trials, once', async () => {
    const constraints = [{ metric: 'size', comparison: 'LESS_OR_EQUAL', bound: 10 }];
    const id = await createStudy({ constraints });
    const [a, b, c] = await askTrials(id, 3);
    const tell = `mutation ($id: ID!, $input: TellTrialInput!) {
      tellTrial(id: $id, input: $input) { state values feasible error finishedAt }
    }`;
    const completed = await data(tell, { id: a!.id, input: { attempt: 1, values: { loss: 1, size: 10 } } });
    expect(completed).toMatchObject({
      tellTrial: { state: 'COMPLETED', values: { loss: 1, size: 10 }, feasible: true },
    });
    expect(await data(tell, { id: a!.id, input: { values: { loss: 1, size: 10 } } })).toEqual(completed);
    expect(
      await data(
        `mutation ($input: [TellTrialsInput!]!) { tellTrials(input: $input) { state values feasible error } }`,
        {
          input: [
            { id: c!.id, state: 'FAILED', error: 'It broke\n at line 3' },
            { id: b!.id, values: { loss: 0, size: 11 } },
          ],
        },
      ),
    ).toEqual({
      tellTrials: [
        { state: 'FAILED', values: null, feasible: null, error: 'It broke\n at line 3' },
        { state: 'INFEASIBLE', values: { loss: 0, size: 11 }, feasible: false, error: null },
      ],
    });
  });

  test('pauseTrial holds a trial until resumeTrial, and takes it from the worker that gives it back', async () => {
    const id = await createStudy();
    const [running] = await askTrials(id, 1);
    const pause =
      'mutation ($id: ID!, $attempt: Int) { pauseTrial(id: $id, attempt: $attempt) { state held } }';
    const resume = 'mutation ($id: ID!) { resumeTrial(id: $id) { state held promotions } }';
    expect(await data(pause, { id: running!.id })).toEqual({ pauseTrial: { state: 'RUNNING', held: true } });
    expect(
      await data(
        `mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted action reason } }`,
        { input: { trial: running!.id, attempt: 1, series: [{ name: 'loss', steps: [1], values: [1] }] } },
      ),
    ).toEqual({ reportMetrics: { accepted: 1, action: 'PAUSE', reason: 'Paused by request' } });
    expect(await data(pause, { id: running!.id, attempt: 1 })).toEqual({
      pauseTrial: { state: 'QUEUED', held: true },
    });
    expect(await askTrials(id, 1)).toMatchObject([{ number: 1 }]);
    expect(await data(resume, { id: running!.id })).toEqual({
      resumeTrial: { state: 'QUEUED', held: false, promotions: 1 },
    });
    expect(await askTrials(id, 1)).toMatchObject([{ number: 0 }]);
  });

  test('stopTrial cancels, and retryTrial queues the parameters again', async () => {
    const id = await createStudy();
    const [trial] = await askTrials(id, 1);
    const { stopTrial, retryTrial } = await data<Record<string, object>>(
      `mutation ($id: ID!) {
        stopTrial(id: $id) { state }
        retryTrial(id: $id) { number state params retryOf { id state } }
      }`,
      { id: trial!.id },
    );
    expect(stopTrial).toEqual({ state: 'CANCELLED' });
    expect(retryTrial).toEqual({
      number: 1,
      state: 'QUEUED',
      params: trial!.params,
      retryOf: { id: trial!.id, state: 'CANCELLED' },
    });
  });

  test('Study.trials, bestTrials, trialColumns and hypervolume show what came out', async () => {
    const objectives = [
      { metric: 'loss', direction: 'MINIMIZE' },
      { metric: 'seconds', direction: 'MINIMIZE' },
    ];
    const id = await createStudy({ objectives });
    const trials = await askTrials(id, 5);
    const results = [
      { loss: 1, seconds: 4 },
      { loss: 2, seconds: 2 },
      { loss: 3, seconds: 3 },
      { loss: 4, seconds: 1 },
    ];
    for (const [i, values] of results.entries()) await completeTrial(trials[i]!.id, values);
    const { study } = await data(
      `query ($id: ID!) {
        study(id: $id) {
          trialCounts { queued running completed pruned infeasible failed cancelled total }
          bestTrials { number }
          hypervolume
          trialColumns(params: ["x", "constructor", "__proto__"]) { numbers states params values feasible durationsMs }
          running: trialColumns(states: [RUNNING]) { numbers }
          trials(
            first: 2
            filter: { states: [COMPLETED], values: [{ name: "seconds", gte: 2 }] }
            orderBy: { field: VALUE, name: "loss", descending: true }
          ) { totalCount edges { node { number values } } pageInfo { hasNextPage } }
        }
      }`,
      { id },
    );
    expect(study).toEqual({
      trialCounts: {
        queued: 0,
        running: 1,
        completed: 4,
        pruned: 0,
        infeasible: 0,
        failed: 0,
        cancelled: 0,
        total: 5,
      },
      bestTrials: expect.arrayContaining([{ number: 0 }, { number: 1 }, { number: 3 }]),
      hypervolume: expect.any(Number),
      trialColumns: {
        numbers: [0, 1, 2, 3],
        states: ['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED'],
        params: Object.fromEntries([
          ['x', trials.slice(0, 4).map(({ params }) => params.x)],
          ...['constructor', '__proto__'].map((name) => [name, [null, null, null, null]]),
        ]),
        values: { loss: [1, 2, 3, 4], seconds: [4, 2, 3, 1] },
        feasible: [true, true, true, true],
        durationsMs: expect.any(Array),
      },
      running: { numbers: [4] },
      trials: {
        totalCount: 3,
        edges: [{ node: { number: 2, values: results[2] } }, { node: { number: 1, values: results[1] } }],
        pageInfo: { hasNextPage: true },
      },
    });
  });
});

test('viewer, trainables and devices tell of the server', async () => {
  expect(
    await data(`{
      viewer { name role }
      trainables { name description searchSpace optionsSchema metrics }
      devices { name kind backend memoryBytes memorySource adapter { vendor limits } memoryUsedBytes runningTrials }
    }`),
  ).toMatchObject({
    viewer: { name: 'local', role: 'ADMIN' },
    trainables: expect.arrayContaining([
      expect.objectContaining({
        name: 'dense',
        metrics: expect.arrayContaining(['valAccuracy']),
        optionsSchema: expect.objectContaining({
          properties: expect.objectContaining({ dataset: expect.objectContaining({ default: 'mnist' }) }),
        }),
      }),
    ]),
    devices: [{ name: 'test', kind: 'CPU', backend: 'wasm', runningTrials: 0 }],
  });
});

test('lists of trials with their study and series cost the same few statements, however long they are', async () => {
  const count = async (size: number): Promise<number> => {
    const id = await createStudy();
    for (const trial of await askTrials(id, size)) {
      await completeTrial(trial.id, { loss: 1 });
      await data('mutation ($id: ID!) { retryTrial(id: $id) { id } }', { id: trial.id });
    }
    const { pool } = server.engine.database;
    let statements = 0;
    const counted = () => void statements++;
    pool.on('acquire', counted);
    await data(
      `query ($id: ID!) {
        study(id: $id) {
          trialCounts { total }
          trials(first: ${2 * size}) { totalCount edges { node { study { name } retryOf { id } metricSeries { values } } } }
        }
      }`,
      { id },
    );
    pool.off('acquire', counted);
    return statements;
  };
  const few = await count(2);
  expect(await count(25)).toBe(few);
  expect(few).toBeLessThanOrEqual(7);
});
