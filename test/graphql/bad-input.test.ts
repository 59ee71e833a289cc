import { beforeAll, describe, expect, test } from 'vitest';
import { type Reply, startGraphql, type Variables } from './harness.ts';
import { createStudies } from './studies.ts';

const server = await startGraphql();
const { createStudy, askTrials, completeTrial } = createStudies(server);

const mutations = {
  createStudy: 'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
  updateStudy:
    'mutation ($id: ID!, $input: UpdateStudyInput!) { updateStudy(id: $id, input: $input) { id } }',
  startStudy: 'mutation ($id: ID!, $trials: Int) { startStudy(id: $id, trials: $trials) { id } }',
  pauseStudy: 'mutation ($id: ID!) { pauseStudy(id: $id) { id } }',
  stopStudy: 'mutation ($id: ID!) { stopStudy(id: $id) { id } }',
  deleteStudy: 'mutation ($id: ID!) { deleteStudy(id: $id) }',
  cloneStudy: 'mutation ($id: ID!, $name: String!) { cloneStudy(id: $id, name: $name) { id } }',
  enqueueTrials:
    'mutation ($study: ID!, $params: [JSON!]!) { enqueueTrials(study: $study, params: $params) { id } }',
  askTrials: `mutation ($study: ID!, $count: Int, $worker: String, $leaseSeconds: Int) {
    askTrials(study: $study, count: $count, worker: $worker, leaseSeconds: $leaseSeconds) { id }
  }`,
  heartbeatTrials: `mutation ($ids: [ID!]!, $leaseSeconds: Int) {
    heartbeatTrials(ids: $ids, leaseSeconds: $leaseSeconds) { id }
  }`,
  reportMetrics: 'mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted } }',
  tellTrial: 'mutation ($id: ID!, $input: TellTrialInput!) { tellTrial(id: $id, input: $input) { id } }',
  tellTrials: 'mutation ($input: [TellTrialsInput!]!) { tellTrials(input: $input) { id } }',
  stopTrial: 'mutation ($id: ID!) { stopTrial(id: $id) { id } }',
  pauseTrial: 'mutation ($id: ID!, $attempt: Int) { pauseTrial(id: $id, attempt: $attempt) { id } }',
  resumeTrial: 'mutation ($id: ID!) { resumeTrial(id: $id) { id } }',
  retryTrial: 'mutation ($id: ID!) { retryTrial(id: $id) { id } }',
} as const;
type Mutation = keyof typeof mutations;

/** What there is to refer to. */
const known = {
  study: '',
  createdStudy: '',
  finishedStudy: '',
  runningTrial: '',
  /** In its second attempt. */
  requeuedTrial: '',
  queuedTrial: '',
  completedTrial: '',
};
const nobody = { study: 'study-2000000000', trial: 'trial-2000000000' };
const megabyte = 'm'.repeat(2 ** 20);
const nul = 'a\0b';
const halfPair = 'a\ud83d';

const params = {
  rate: { type: 'float', low: 1e-4, high: 0.1, log: true },
  layers: { type: 'int', low: 1, high: 3 },
  optimizer: { type: 'categorical', choices: ['adam', 'sgd'] },
  momentum: { type: 'float', low: 0, high: 0.9, when: { optimizer: 'sgd' } },
};

beforeAll(async () => {
  known.study = await createStudy({ name: 'known', searchSpace: params });
  known.createdStudy = await createStudy({ name: 'created' });
  known.finishedStudy = await createStudy({ name: 'finished' });
  await server.data(mutations.stopStudy, { id: known.finishedStudy });
  const [running, requeued, completed] = await askTrials(known.study, 3);
  known.runningTrial = running!.id;
  known.requeuedTrial = requeued!.id;
  known.completedTrial = completed!.id;
  await completeTrial(completed!.id, { loss: 1 });
  const { pool } = server.engine.database;
  await pool.query('UPDATE trial SET attempt = 2 WHERE id = $1', [requeued!.id.slice('trial-'.length)]);
  const { enqueueTrials } = await server.data<{ enqueueTrials: { id: string }[] }>(mutations.enqueueTrials, {
    study: known.study,
    params: [{}],
  });
  known.queuedTrial = enqueueTrials[0]!.id;
});

/** What is wrong, the variables, the code, and the path of the fault or words of the message. */
type Case = readonly [what: string, variables: () => Variables, code: string, where: string | RegExp];

describe.each<[Mutation, readonly Case[]]>([
  [
    'createStudy',
    [
      newStudy('no name', { name: undefined }, /"name" of required type "String!" was not provided/),
      newStudy('a name that is no text', { name: 5 }, /at "input\.name"; String cannot represent/),
      newStudy('an empty name', { name: ' ' }, 'name'),
      newStudy('a name of 201 letters', { name: 'n'.repeat(201) }, 'name'),
      newStudy('a name that is taken', { name: 'known' }, /already has a study named "known"/, 'CONFLICT'),
      newStudy('an empty project', { project: '' }, 'project'),
      newStudy('an unknown field', { nmae: 'x' }, /Field "nmae" is not defined/),
      newStudy('a megabyte of description', { description: megabyte }, 'description'),
      newStudy('an empty tag', { tags: ['ok', ''] }, 'tags[1]'),
      newStudy('a tag of 201 letters', { tags: ['t'.repeat(201)] }, 'tags[0]'),
      newStudy('1,000 tags', { tags: Array.from({ length: 1000 }, (_, i) => `tag ${i}`) }, 'tags'),

      newStudy('an unknown trainable', { trainable: 'desne' }, 'trainable'),
      newStudy('options that are no object', { trainableOptions: [1] }, 'trainableOptions'),
      newStudy('an unknown option', dense({ trainableOptions: { epochz: 1 } }), 'trainableOptions.epochz'),
      newStudy(
        'an option of a wrong type',
        dense({ trainableOptions: { epochs: '1' } }),
        'trainableOptions.epochs',
      ),
      newStudy('a negative option', dense({ trainableOptions: { epochs: -1 } }), 'trainableOptions.epochs'),
      newStudy('half a megabyte of options', { trainableOptions: manyTexts() }, 'trainableOptions'),
      newStudy(
        'a parameter that the trainable has not',
        dense({ searchSpace: { units9: { type: 'int', low: 1, high: 2 } } }),
        'searchSpace.units9',
      ),
      newStudy(
        'a range that the trainable does not take',
        dense({ searchSpace: { layers: { type: 'int', low: 1, high: 99 } } }),
        'searchSpace.layers.high',
      ),
      newStudy(
        'an objective that the trainable does not report',
        dense({ objectives: [{ metric: 'beauty', direction: 'MAXIMIZE' }] }),
        'objectives[0].metric',
      ),

      newStudy('no objective', { objectives: [] }, 'objectives'),
      newStudy('an objective without a name', { objectives: [objective('')] }, 'objectives[0].metric'),
      newStudy('the name __proto__', { objectives: [objective('__proto__')] }, 'objectives[0].metric'),
      newStudy(
        'an objective twice',
        { objectives: [objective('a'), objective('a')] },
        'objectives[1].metric',
      ),
      newStudy(
        'an unknown direction',
        { objectives: [{ metric: 'a', direction: 'UP' }] },
        /"UP" does not exist/,
      ),
      newStudy(
        '21 objectives',
        { objectives: Array.from({ length: 21 }, (_, i) => objective(`${i}`)) },
        'objectives',
      ),
      newStudy('a bound that is no number', { constraints: [atMost('a', 'NaN')] }, /Float cannot represent/),
      newStudy(
        'a bound that is null',
        { constraints: [atMost('a', null)] },
        /"input\.constraints\[0\]\.bound"/,
      ),
      newStudy(
        'constraints that leave nothing',
        { constraints: [atMost('a', 1), { metric: 'a', comparison: 'GREATER_OR_EQUAL', bound: 2 }] },
        'constraints[1].bound',
      ),

      space('a list', [], 'searchSpace'),
      space('a text', 'x', 'searchSpace'),
      space('10,000 parameters', manyParameters(10_000), 'searchSpace', 'TOO_LARGE'),
      space('a parameter that is no object', { x: 1 }, 'searchSpace.x'),
      space('an unknown type', { x: { type: 'complex' } }, 'searchSpace.x.type'),
      space('an unknown key', { x: { type: 'float', low: 0, high: 1, lgo: true } }, 'searchSpace.x.lgo'),
      space('a range without an end', { x: { type: 'float', low: 0 } }, 'searchSpace.x.high'),
      space('a reversed range', { x: { type: 'float', low: 1, high: 0 } }, 'searchSpace.x.low'),
      space('a bound that is a text', { x: { type: 'float', low: '0', high: 1 } }, 'searchSpace.x.low'),
      space('a fractional integer', { x: { type: 'int', low: 0.5, high: 1 } }, 'searchSpace.x.low'),
      space('an integer of 54 bits', { x: { type: 'int', low: 0, high: 2 ** 54 } }, 'searchSpace.x.high'),
      space(
        'the logarithm of zero',
        { x: { type: 'float', low: 0, high: 1, log: true } },
        'searchSpace.x.low',
      ),
      space('a step of zero', { x: { type: 'int', low: 0, high: 4, step: 0 } }, 'searchSpace.x.step'),
      space('a step past the end', { x: { type: 'int', low: 0, high: 4, step: 3 } }, 'searchSpace.x.step'),
      space('an infinite range', { x: { type: 'float', low: -1e308, high: 1e308 } }, 'searchSpace.x'),
      space('no choices', { x: { type: 'categorical', choices: [] } }, 'searchSpace.x.choices'),
      space('a choice twice', { x: { type: 'categorical', choices: [1, 1] } }, 'searchSpace.x.choices[1]'),
      space(
        'a choice that is an object',
        { x: { type: 'categorical', choices: [{}] } },
        'searchSpace.x.choices[0]',
      ),
      space('an empty parameter name', { '': { type: 'int', low: 0, high: 1 } }, 'searchSpace[""]'),
      space('a condition on nothing', conditional({ z: 1 }), 'searchSpace.y.when.z'),
      space('a condition on itself', conditional({ y: 1 }), 'searchSpace.y.when.y'),
      space('a condition that never holds', conditional({ x: 9 }), 'searchSpace.y.when.x'),
      space('a condition that is a list', conditional([1]), 'searchSpace.y.when'),
      space(
        'conditions in a circle',
        {
          x: { type: 'int', low: 0, high: 1, when: { y: 1 } },
          y: { type: 'int', low: 0, high: 1, when: { x: 1 } },
        },
        'searchSpace.x.when',
      ),
      space('JSON of 1,000 levels', nested(1000), /nested too deeply/, 'TOO_LARGE'),
      space('JSON of 50 levels', nested(50), /nested too deeply/),
      space(
        'a megabyte of a choice',
        { x: { type: 'categorical', choices: [megabyte] } },
        'searchSpace.x.choices[0]',
      ),

      newStudy('an unknown sampler', { sampler: { kind: 'tpee' } }, 'sampler.kind'),
      newStudy('a sampler that is a text', { sampler: 'tpe' }, 'sampler'),
      newStudy("a sampler's unknown option", { sampler: { kind: 'random', n: 1 } }, 'sampler.n'),
      newStudy('a negative seed', { sampler: { kind: 'random', seed: -1 } }, 'sampler.seed'),
      newStudy('a fractional seed', { sampler: { kind: 'random', seed: 0.5 } }, 'sampler.seed'),
      newStudy('a seed of 41 bits', { sampler: { kind: 'random', seed: 2 ** 40 } }, 'sampler.seed'),
      newStudy('an unknown pruner', { pruner: { kind: 'secateurs' } }, 'pruner.kind'),
      newStudy(
        "a pruner's option of a wrong type",
        { pruner: { kind: 'median', interval: '1' } },
        'pruner.interval',
      ),
      newStudy('an unknown stop rule', { stopRules: { maxTrails: 1 } }, 'stopRules.maxTrails'),
      newStudy('no trials', { stopRules: { maxTrials: 0 } }, 'stopRules.maxTrials'),
      newStudy('a negative timeout', { stopRules: { timeoutSeconds: -1 } }, 'stopRules.timeoutSeconds'),
      newStudy('half a trial of patience', { stopRules: { patience: 0.5 } }, 'stopRules.patience'),
      newStudy(
        'a target of no objective',
        { stopRules: { target: { metric: 'x', value: 1 } } },
        'stopRules.target.metric',
      ),
      newStudy('no concurrent trials', { maxConcurrentTrials: 0 }, 'maxConcurrentTrials'),
      newStudy('beyond any priority', { priority: 1001 }, 'priority'),
      newStudy('no time for its trials', { trialTimeoutSeconds: 0 }, 'trialTimeoutSeconds'),
      newStudy('impossible retries', { retries: { failed: -1 } }, 'retries.failed'),
      newStudy('isolated trials of others', { isolation: 'PROCESS' }, 'isolation'),
      newStudy('fewer', { maxConcurrentTrials: -1 }, 'maxConcurrentTrials'),
      newStudy('2^31 concurrent trials', { maxConcurrentTrials: 2 ** 31 }, /non 32-bit signed integer/),
    ],
  ],
  [
    'updateStudy',
    [
      ...unknownIds('study'),
      update(
        'a reversed range',
        { searchSpace: { rate: { type: 'int', low: 2, high: 1 } } },
        'searchSpace.rate.low',
      ),
      update('an unknown stop rule', { stopRules: { max: 1 } }, 'stopRules.max'),
      update('beyond any priority', { priority: -1001 }, 'priority'),
      update('no concurrent trials', { maxConcurrentTrials: 0 }, 'maxConcurrentTrials'),
      update('an empty tag', { tags: [''] }, 'tags[0]'),
      update('a text with a NUL', { description: nul }, 'description'),
      update('a new name', { name: 'other' }, /Field "name" is not defined/),
    ],
  ],
  [
    'startStudy',
    [
      ...unknownIds('study'),
      ['no trials', () => ({ id: known.study, trials: 0 }), 'BAD_USER_INPUT', 'trials'],
      ['fewer', () => ({ id: known.study, trials: -5 }), 'BAD_USER_INPUT', 'trials'],
      ['a billion trials', () => ({ id: known.study, trials: 1e9 }), 'BAD_USER_INPUT', 'trials'],
      ['half a trial', () => ({ id: known.study, trials: 0.5 }), 'BAD_USER_INPUT', /Int cannot represent/],
    ],
  ],
  [
    'pauseStudy',
    [
      ...unknownIds('study'),
      ['a study that was not started', () => ({ id: known.createdStudy }), 'CONFLICT', /startStudy/],
      ['a study that has ended', () => ({ id: known.finishedStudy }), 'CONFLICT', /startStudy/],
    ],
  ],
  ['stopStudy', unknownIds('study')],
  ['deleteStudy', unknownIds('study')],
  [
    'cloneStudy',
    [
      ...unknownIds('study', { name: 'clone' }),
      ['a name that is taken', () => ({ id: known.study, name: 'known' }), 'CONFLICT', /Choose another name/],
      ['an empty name', () => ({ id: known.study, name: '' }), 'BAD_USER_INPUT', 'name'],
      ['a megabyte of a name', () => ({ id: known.study, name: megabyte }), 'BAD_USER_INPUT', 'name'],
    ],
  ],
  [
    'enqueueTrials',
    [
      ...unknownIds('study', { params: [{}] }, 'study'),
      enqueue('nothing', [], 'params'),
      enqueue(
        '1,001 trials',
        Array.from({ length: 1001 }, () => ({})),
        'params',
      ),
      enqueue('a list', [{}, []], 'params[1]'),
      enqueue('an unknown parameter', [{}, { rat: 0.01 }], 'params[1].rat'),
      enqueue('a value past the range', [{ rate: 0.2 }], 'params[0].rate'),
      enqueue('a text for a number', [{ layers: '2' }], 'params[0].layers'),
      enqueue('a fraction for an integer', [{ layers: 1.5 }], 'params[0].layers'),
      enqueue('an unknown choice', [{ optimizer: 'adamm' }], 'params[0].optimizer'),
      enqueue('a value that is an object', [{ optimizer: { in: ['sgd'] } }], 'params[0].optimizer'),
      enqueue('a conditional parameter without its parent', [{ momentum: 0.5 }], 'params[0].momentum'),
      enqueue(
        'a parameter that does not exist then',
        [{ optimizer: 'adam', momentum: 0.5 }],
        'params[0].momentum',
      ),
      enqueue('the key constructor', [JSON.parse('{"constructor": 1}')], 'params[0].constructor'),
      enqueue('a key with a NUL', [{ [nul]: 1 }], /NUL character/),
      enqueue('a choice with half a surrogate pair', [{ optimizer: halfPair }], 'params[0].optimizer'),
      enqueue('JSON of 50 levels', [nested(50)], /nested too deeply/),
    ],
  ],
  [
    'askTrials',
    [
      ...unknownIds('study', {}, 'study'),
      ['no trials', () => ({ study: known.study, count: 0 }), 'BAD_USER_INPUT', 'count'],
      ['fewer', () => ({ study: known.study, count: -1 }), 'BAD_USER_INPUT', 'count'],
      ['1,001 trials', () => ({ study: known.study, count: 1001 }), 'BAD_USER_INPUT', 'count'],
      ['a billion trials', () => ({ study: known.study, count: 1e9 }), 'TOO_LARGE', /too many fields/],
      ['no lease', () => ({ study: known.study, leaseSeconds: 0 }), 'BAD_USER_INPUT', 'leaseSeconds'],
      [
        'a lease of years',
        () => ({ study: known.study, leaseSeconds: 1e9 }),
        'BAD_USER_INPUT',
        'leaseSeconds',
      ],
      ['a worker with a NUL', () => ({ study: known.study, worker: nul }), 'BAD_USER_INPUT', 'worker'],
      [
        'a worker of 201 letters',
        () => ({ study: known.study, worker: 'w'.repeat(201) }),
        'BAD_USER_INPUT',
        'worker',
      ],
    ],
  ],
  [
    'heartbeatTrials',
    [
      ['nothing', () => ({ ids: [] }), 'BAD_USER_INPUT', 'ids'],
      ['a study', () => ({ ids: [known.runningTrial, known.study] }), 'BAD_USER_INPUT', 'ids[1]'],
      ['a trial that is not there', () => ({ ids: [nobody.trial] }), 'NOT_FOUND', /There is no trial/],
      ['no lease', () => ({ ids: [known.runningTrial], leaseSeconds: -1 }), 'BAD_USER_INPUT', 'leaseSeconds'],
    ],
  ],
  [
    'reportMetrics',
    [
      report('a study', { trial: nobody.study }, 'trial'),
      report('a trial that is not there', { trial: nobody.trial }, /There is no trial/, 'NOT_FOUND'),
      [
        'a stale attempt',
        () => onTrial('requeuedTrial', { attempt: 1 }),
        'CONFLICT',
        /Attempt 1 of trial 1 is over/,
      ],
      ['an attempt to come', () => onTrial('requeuedTrial', { attempt: 3 }), 'CONFLICT', /ttempt/],
      ['a trial that waits', () => onTrial('queuedTrial', {}), 'CONFLICT', /is QUEUED/],
      ['a trial that has ended', () => onTrial('completedTrial', {}), 'CONFLICT', /is COMPLETED/],
      series('an empty name', { name: '' }, 'series[0].name'),
      series('the name __proto__', { name: '__proto__' }, 'series[0].name'),
      series('a name with a NUL', { name: nul }, 'series[0].name'),
      series('a name with half a surrogate pair', { name: halfPair }, 'series[0].name'),
      series('a megabyte of a name', { name: megabyte }, 'series[0].name'),
      series('no steps', { steps: undefined }, 'series[0].steps'),
      series('no values', { values: null }, 'series[0].values'),
      series('more steps than values', { steps: [1, 2, 3] }, 'series[0].values'),
      series('more times than steps', { times: [1, 2, 3] }, 'series[0].times'),
      series('negative steps', { steps: [-1, 2] }, 'series[0].steps'),
      series('fractional steps', { steps: [0.5, 2] }, /Int cannot represent non-integer value: 0\.5/),
      series('steps past 2^31', { steps: [2 ** 31, 2] }, /non 32-bit signed integer/),
      series('NaN as a text', { values: ['NaN', 1] }, /Float cannot represent non numeric value: "NaN"/),
      series('steps twice', { packedSteps: packed(Int32Array.of(1, 2)) }, 'series[0]'),
      series(
        'packed steps that are negative',
        packedSeries({ packedSteps: packed(Int32Array.of(-1)) }),
        'series[0].steps',
      ),
      series(
        'packed columns of two lengths',
        packedSeries({ packedValues: packed(Float64Array.of(1, 2)) }),
        'series[0].values',
      ),
      series(
        'packed steps that are no base64',
        packedSeries({ packedSteps: '(!)' }),
        /Int32Array must be a base64/,
      ),
      series('half a packed value', packedSeries({ packedValues: 'AAAA' }), /multiple of 8 bytes, not of 3/),
      series(
        'a piece of base64',
        packedSeries({ packedSteps: 'A', packedValues: '' }),
        /Int32Array must be a base64/,
      ),
      series(
        'a time that is NaN',
        packedSeries({ packedTimes: packed(Float64Array.of(Number.NaN)) }),
        'series[0].times',
      ),
      report('a series twice', { series: [loss(), loss()] }, 'series[1].name'),
      report(
        '10,001 series',
        { series: Array.from({ length: 10_001 }, (_, i) => loss(`${i}`)) },
        /10001 series/,
        'TOO_LARGE',
      ),
      report('a batch past 2^31', { batch: 2 ** 31 }, /non 32-bit signed integer/),
    ],
  ],
  [
    'tellTrial',
    [
      ...unknownIds('trial', { input: { values: { loss: 1 } } }),
      tell('an unknown objective', { values: { loss: 1, accuracy: 1 } }, 'values.accuracy'),
      tell('a list of values', { values: [1] }, 'values'),
      tell('no value', {}, 'values.loss'),
      tell('a value that is null', { values: { loss: null } }, 'values.loss'),
      tell('NaN', { values: { loss: 'NaN' } }, 'values.loss'),
      tell(
        'a value for constructor',
        { values: JSON.parse('{"loss": 1, "constructor": 1}') },
        'values.constructor',
      ),
      tell('values of 50 levels', { values: nested(50) }, /nested too deeply/),
      tell('the state RUNNING', { state: 'RUNNING' }, 'state'),
      tell('the state QUEUED', { state: 'QUEUED' }, 'state'),
      tell('an unknown state', { state: 'DONE' }, /"DONE" does not exist/),
      tell('an error with a NUL', { state: 'FAILED', error: nul }, 'error'),
      tell('an error with half a surrogate pair', { state: 'FAILED', error: halfPair }, 'error'),
      tell('a megabyte of an error', { state: 'FAILED', error: megabyte }, 'error'),
      ['a stale attempt', () => ({ id: known.requeuedTrial, input: { attempt: 1 } }), 'CONFLICT', /is over/],
      [
        'another end',
        () => ({ id: known.completedTrial, input: { state: 'FAILED' } }),
        'CONFLICT',
        /has ended/,
      ],
      [
        'a trial that waits',
        () => ({ id: known.queuedTrial, input: { values: { loss: 1 } } }),
        'CONFLICT',
        /askTrials/,
      ],
    ],
  ],
  [
    'tellTrials',
    [
      ['nothing', () => ({ input: [] }), 'BAD_USER_INPUT', 'input'],
      ['a study', () => ({ input: [{ id: known.study }] }), 'BAD_USER_INPUT', 'input[0].id'],
      [
        'a trial that is not there',
        () => ({ input: [{ id: nobody.trial }] }),
        'NOT_FOUND',
        /There is no trial/,
      ],
      [
        'one that is right and one that is wrong',
        () => ({
          input: [
            { id: known.runningTrial, values: { loss: 1 } },
            { id: known.requeuedTrial, values: { los: 1 } },
          ],
        }),
        'BAD_USER_INPUT',
        'input[1].values.los',
      ],
      [
        'an error with a NUL',
        () => ({ input: [{ id: known.runningTrial, state: 'FAILED', error: nul }] }),
        'BAD_USER_INPUT',
        'input[0].error',
      ],
    ],
  ],
  ['stopTrial', unknownIds('trial')],
  [
    'pauseTrial',
    [
      ...unknownIds('trial'),
      ['a stale attempt', () => ({ id: known.runningTrial, attempt: 0 }), 'CONFLICT', /Attempt 0/],
    ],
  ],
  ['resumeTrial', unknownIds('trial')],
  [
    'retryTrial',
    [
      ...unknownIds('trial'),
      ['a trial that runs', () => ({ id: known.runningTrial }), 'CONFLICT', /stop it first/],
    ],
  ],
])('%s refuses', (mutation, cases) => {
  test.each(cases)('%s', async (_, variables, code, where) => {
    const before = await server.everything();
    const { data, errors } = await server.post(mutations[mutation], variables());
    expect(data?.[mutation] ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    const { message, extensions } = errors![0]!;
    expect(extensions.code).toBe(code);
    expect(message.length).toBeGreaterThan(15);
    if (typeof where === 'string') expect(extensions.faults?.map((fault) => fault.path)).toContain(where);
    else expect(message).toMatch(where);
    // A megabyte that is refused is not sent back.
    expect(message.length).toBeLessThan(5000);
    expect(await server.everything()).toEqual(before);
  });
});

describe('queries refuse', () => {
  test.each<[string, string, string, string | RegExp]>([
    ['the id of a trial', 'study(id: "trial-1") { id }', 'BAD_USER_INPUT', 'id'],
    ['an id that is none', 'trial(id: "\\u0000") { id }', 'BAD_USER_INPUT', 'id'],
    ['a negative page', 'studies(first: -1) { totalCount }', 'BAD_USER_INPUT', 'first'],
    ['a billion studies', 'studies(first: 1000000000) { edges { cursor } }', 'TOO_LARGE', /cost|too many/],
    ['1,001 studies', 'studies(first: 1001) { edges { cursor } }', 'BAD_USER_INPUT', 'first'],
    ['a cursor that is none', 'studies(after: "x") { totalCount }', 'BAD_USER_INPUT', 'after'],
    ['a name with a NUL', 'studyByName(name: "\\u0000") { id }', 'BAD_USER_INPUT', 'name'],
    [
      'a filter with a NUL',
      'studies(filter: { nameContains: "\\u0000" }) { totalCount }',
      'BAD_USER_INPUT',
      'filter.nameContains',
    ],
    [
      'trials by a value without a name',
      trialsOf('orderBy: { field: VALUE }'),
      'BAD_USER_INPUT',
      'orderBy.name',
    ],
    [
      "another order's cursor",
      trialsOf(`after: "${cursor({ missing: false, key: 'x', number: 1 })}"`),
      'BAD_USER_INPUT',
      'after',
    ],
    [
      'a cursor past int32',
      trialsOf(`after: "${cursor({ missing: false, key: 1, number: 2 ** 40 })}"`),
      'BAD_USER_INPUT',
      'after',
    ],
    [
      'a filter of 40 levels',
      trialsOf(`filter: ${'{not:'.repeat(12)}{}${'}'.repeat(12)}`),
      'BAD_USER_INPUT',
      'filter',
    ],
    [
      'more points than there can be',
      trialsOf('', 'metricSeries(maxPoints: 2000000) { name }'),
      'BAD_USER_INPUT',
      'maxPoints',
    ],
  ])('%s', async (_, field, code, where) => {
    const { errors } = await server.post(`{ ${field.replace('KNOWN', known.study)} }`);
    expect(errors?.[0]?.extensions.code).toBe(code);
    if (typeof where === 'string') {
      expect(errors![0]!.extensions.faults?.map((fault) => fault.path)).toContain(where);
    } else expect(errors![0]!.message).toMatch(where);
  });

  test('a filter of 100,000 levels in the variables', async () => {
    const filter = `${'{"not":'.repeat(100_000)}{}${'}'.repeat(100_000)}`;
    const query = `query ($filter: TrialFilter) { node(id: "${known.study}") { ... on Study { trials(filter: $filter) { totalCount } } } }`;
    expectRefused(
      await server.postText(`{"query":${JSON.stringify(query)},"variables":{"filter":${filter}}}`),
    );
  });
});

describe('a body that', () => {
  test.each([
    ['is no JSON', '{"query":'],
    ['is a number', '1'],
    ['has no query', '{"variables":{}}'],
    ['has a list for variables', '{"query":"{ viewer { name } }","variables":[1]}'],
    ['sets __proto__', '{"query":"{ viewer { name } }","variables":{"__proto__":{"polluted":1}}}'],
    [
      'sets a prototype in a JSON field',
      JSON.stringify({ query: mutations.enqueueTrials, variables: { study: 'STUDY', params: [0] } }).replace(
        '[0]',
        '[{"__proto__":{"polluted":1}}]',
      ),
    ],
    [
      'is nested 100,000 lists deep',
      `{"query":"{ viewer { name } }","variables":{"x":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`,
    ],
  ])('%s changes nothing, and the server goes on', async (_, body) => {
    const before = await server.everything();
    const reply = await server.postText(body.replace('STUDY', known.study));
    // Variables that nothing declares may be ignored.
    if (reply.errors === undefined) expect(reply.data).toEqual({ viewer: { name: 'local' } });
    else expectRefused(reply);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(await server.everything()).toEqual(before);
    expect(await server.data('{ viewer { name } }')).toEqual({ viewer: { name: 'local' } });
  });
});

test('of more faults in variables than are told, the last error says so, and is the caller’s too', async () => {
  const column = {
    name: 'loss',
    steps: Array.from({ length: 60 }, (_, i) => i),
    values: Array(60).fill('NaN'),
  };
  const { errors } = await server.post(mutations.reportMetrics, {
    input: { trial: known.runningTrial, series: [column] },
  });
  expect(errors!.map(({ extensions }) => extensions.code)).toEqual(Array(51).fill('BAD_USER_INPUT'));
  expect(errors!.at(-1)!.message).toMatch(/^Too many errors processing variables/);
});

test('a literal is refused where a variable would be', async () => {
  const input = '{ name: "x", objectives: [], searchSpace: { x: { type: "float", low: 1e999, high: 1 } } }';
  const { errors } = await server.post(`mutation { createStudy(input: ${input}) { id } }`);
  expect(errors![0]!.extensions.faults!.map((fault) => fault.path)).toEqual([
    'searchSpace.x.low',
    'objectives',
  ]);
});

test('a report that is refused harms none of those that come with it', async () => {
  const study = await createStudy();
  const trials = await askTrials(study, 8);
  const replies = await Promise.all(
    trials.map(({ id }, i) =>
      server.post(mutations.reportMetrics, {
        input: { trial: id, batch: 2 ** 31 - 1, series: [loss(i % 2 === 0 ? 'loss' : nul)] },
      }),
    ),
  );
  for (const [i, reply] of replies.entries()) {
    if (i % 2 === 0) expect(reply).toEqual({ data: { reportMetrics: { accepted: 2 } } });
    else expect(reply.errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  }
});

test('of 20 who create a study of one name at once, one does', async () => {
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => server.post(mutations.createStudy, validStudy({ name: 'wanted' }))),
  );
  const codes = replies.map(({ errors }) => errors?.[0]?.extensions.code);
  expect(codes.filter((code) => code === undefined)).toHaveLength(1);
  expect(codes.filter((code) => code === 'CONFLICT')).toHaveLength(19);
});

function expectRefused({ errors }: Reply): void {
  expect(errors).toHaveLength(1);
  expect(errors![0]!.extensions.code).toMatch(/^(BAD_USER_INPUT|BAD_REQUEST|TOO_LARGE)$/);
  expect(errors![0]!.message).toMatch(/\w/);
}

function unknownIds(kind: 'study' | 'trial', rest: Variables = {}, name = 'id'): Case[] {
  const other = kind === 'study' ? 'trial-1' : 'study-1';
  return [
    [
      `a ${kind} that is not there`,
      () => ({ input: {}, ...rest, [name]: nobody[kind] }),
      'NOT_FOUND',
      /There is no/,
    ],
    [`the id of something else`, () => ({ input: {}, ...rest, [name]: other }), 'BAD_USER_INPUT', name],
    [`an id past 2^31`, () => ({ input: {}, ...rest, [name]: `${kind}-9999999999` }), 'BAD_USER_INPUT', name],
    [`an id with a NUL`, () => ({ input: {}, ...rest, [name]: `${kind}-1\0` }), 'BAD_USER_INPUT', name],
    [`a megabyte of an id`, () => ({ input: {}, ...rest, [name]: megabyte }), 'BAD_USER_INPUT', name],
  ];
}

function validStudy(input: Variables): Variables {
  return { input: { name: 'new', objectives: [objective('loss')], searchSpace: params, ...input } };
}

function newStudy(what: string, input: Variables, where: string | RegExp, code = 'BAD_USER_INPUT'): Case {
  return [what, () => validStudy(input), code, where];
}

function space(what: string, searchSpace: unknown, where: string | RegExp, code?: string): Case {
  return newStudy(`the search space of ${what}`, { searchSpace }, where, code);
}

function update(what: string, input: Variables, where: string | RegExp): Case {
  return [what, () => ({ id: known.study, input }), 'BAD_USER_INPUT', where];
}

function enqueue(what: string, list: readonly unknown[], where: string | RegExp): Case {
  return [what, () => ({ study: known.study, params: list }), 'BAD_USER_INPUT', where];
}

function report(what: string, input: Variables, where: string | RegExp, code = 'BAD_USER_INPUT'): Case {
  return [what, () => onTrial('runningTrial', input), code, where];
}

function series(what: string, entry: Variables, where: string | RegExp): Case {
  return report(what, { series: [{ ...loss(), ...entry }] }, where);
}

function onTrial(trial: keyof typeof known, input: Variables): Variables {
  return { input: { trial: known[trial], series: [loss()], ...input } };
}

function tell(what: string, input: Variables, where: string | RegExp): Case {
  return [what, () => ({ id: known.runningTrial, input }), 'BAD_USER_INPUT', where];
}

function loss(name = 'loss'): Variables {
  return { name, steps: [1, 2], values: [0.5, 0.25] };
}

function packedSeries(columns: Variables): Variables {
  return {
    steps: undefined,
    values: undefined,
    packedSteps: packed(Int32Array.of(1)),
    packedValues: packed(Float64Array.of(1)),
    ...columns,
  };
}

function packed({ buffer }: Int32Array | Float64Array): string {
  return Buffer.from(buffer).toString('base64');
}

function dense(input: Variables): Variables {
  return { trainable: 'dense', searchSpace: undefined, objectives: [objective('valLoss')], ...input };
}

function objective(metric: string): Variables {
  return { metric, direction: 'MINIMIZE' };
}

function atMost(metric: string, bound: unknown): Variables {
  return { metric, comparison: 'LESS_OR_EQUAL', bound };
}

function conditional(when: unknown): Variables {
  return { x: { type: 'int', low: 0, high: 3 }, y: { type: 'int', low: 0, high: 3, when } };
}

function manyParameters(count: number): Variables {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`p${i}`, { type: 'int', low: 0, high: 1 }]),
  );
}

function manyTexts(): Variables {
  return Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`text${i}`, 't'.repeat(99_000)]));
}

function nested(depth: number): unknown {
  return JSON.parse(`${'{"x":'.repeat(depth)}1${'}'.repeat(depth)}`);
}

function trialsOf(args: string, fields = 'id'): string {
  return `study(id: "KNOWN") { trials${args && `(${args})`} { edges { node { ${fields} } } } }`;
}

function cursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}
