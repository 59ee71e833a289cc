import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { parseConstraints, parseObjectives, parseStudyProblem } from '../../src/core/parse-problem.ts';
import { createPruner } from '../../src/core/pruners/create-pruner.ts';
import { createSampler, samplerSeed } from '../../src/core/samplers/create-sampler.ts';
import { parseStopRules } from '../../src/core/stop-rules.ts';
import type { Objective } from '../../src/core/study.ts';

const accuracy: Objective = { metric: 'accuracy', direction: 'MAXIMIZE' };
const seconds: Objective = { metric: 'seconds', direction: 'MINIMIZE' };
const problem = parseStudyProblem({ searchSpace: {}, objectives: [accuracy, seconds] });

function faultsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

test('a problem is read whole, and all faults of its parts are told at once', () => {
  const memory = { metric: 'memory', comparison: 'LESS_OR_EQUAL', bound: 1e9 };
  expect(parseStudyProblem({ searchSpace: {}, objectives: [accuracy], constraints: [memory] })).toMatchObject(
    { objectives: [accuracy], constraints: [memory] },
  );
  expect(
    faultsOf(() =>
      parseStudyProblem({
        searchSpace: { rate: { type: 'float', low: 2, high: 1 } },
        objectives: [],
        constraints: [{ ...memory, bound: Number.POSITIVE_INFINITY }],
      }),
    ),
  ).toEqual([
    'searchSpace.rate.low: is 2, which is above high (1); swap them.',
    'objectives: is empty; give at least one {metric, direction}.',
    'constraints[0].bound: must be a finite number, not Infinity.',
  ]);
});

describe('faulty objectives, constraints and stop rules are refused with advice:', () => {
  const objective =
    (...input: unknown[]) =>
    () =>
      parseObjectives(input);
  const constraint =
    (...input: unknown[]) =>
    () =>
      parseConstraints(input);
  const rules = (input: unknown) => () => parseStopRules(input, [accuracy, seconds]);
  const least = { metric: 'memory', comparison: 'GREATER_OR_EQUAL', bound: 5 };
  const cases: [string, () => unknown, string][] = [
    ['objectives that are no list', () => parseObjectives('loss'), 'objectives: must be a list, not "loss".'],
    [
      'an objective twice',
      objective(accuracy, seconds, accuracy),
      'objectives[2].metric: repeats the objective "accuracy"',
    ],
    [
      'an unknown direction',
      objective({ metric: 'loss', direction: 'MINIMISE' }),
      'objectives[0].direction: must be one of MINIMIZE, MAXIMIZE, not "MINIMISE". Did you mean "MINIMIZE"?',
    ],
    ['no direction', objective({ metric: 'loss' }), 'objectives[0].direction: is missing'],
    ['no metric', objective({ direction: 'MINIMIZE' }), 'objectives[0].metric: is missing'],
    [
      'a metric without a name',
      objective({ ...accuracy, metric: ' ' }),
      'objectives[0].metric: has an empty name',
    ],
    ['an unknown field', objective({ ...accuracy, weight: 1 }), 'objectives[0].weight: is not known here'],
    [
      'too many objectives',
      objective(...Array.from({ length: 21 }, (_, i) => ({ ...accuracy, metric: `m${i}` }))),
      'has 21 entries; at most 20',
    ],
    ['a missing bound', constraint({ ...least, bound: null }), 'constraints[0].bound: is missing'],
    [
      'two bounds of one side',
      constraint(least, { ...least, bound: 6 }),
      'constraints[1].comparison: bounds "memory" from the same side twice',
    ],
    [
      'bounds that leave nothing',
      constraint(least, { ...least, comparison: 'LESS_OR_EQUAL', bound: 4 }),
      'constraints[1].bound: leaves no value for "memory"',
    ],
    ['rules that are no object', rules([]), 'stopRules: must be an object, not a list.'],
    [
      'an unknown rule',
      rules({ maxTrial: 3 }),
      'stopRules.maxTrial: is not known here. Did you mean "maxTrials"?',
    ],
    ['no trials', rules({ maxTrials: 0 }), 'stopRules.maxTrials: must be at least 1'],
    ['half a trial', rules({ maxTrials: 1.5 }), 'stopRules.maxTrials: must be an integer'],
    ['no time', rules({ timeoutSeconds: 0 }), 'stopRules.timeoutSeconds: must be above 0'],
    ['no budget', rules({ deviceSeconds: 0 }), 'stopRules.deviceSeconds: must be above 0'],
    ['no patience', rules({ patience: -1 }), 'stopRules.patience: must be at least 1'],
    [
      'a target for no objective',
      rules({ target: { metric: 'acuracy', value: 1 } }),
      'stopRules.target.metric: is not an objective of this study. Did you mean "accuracy"?',
    ],
    [
      'a regret bound of two objectives',
      rules({ regretBound: { threshold: 1 } }),
      'stopRules.regretBound: needs a study with one objective',
    ],
    [
      'a regret bound without a threshold',
      () => parseStopRules({ regretBound: {} }, [accuracy]),
      'stopRules.regretBound: must have either a threshold',
    ],
    [
      'a regret bound of nothing',
      () => parseStopRules({ regretBound: { threshold: 0 } }, [accuracy]),
      'stopRules.regretBound.threshold: must be above 0',
    ],
    [
      'a regret bound by a metric that is not kept',
      () => parseStopRules({ regretBound: { errorMetric: 'acuracy' } }, [accuracy]),
      'stopRules.regretBound.errorMetric: is no metric of an objective or constraint',
    ],
    [
      'a target without a value',
      rules({ target: { metric: 'accuracy' } }),
      'stopRules.target.value: is missing',
    ],
  ];
  test.each(cases)('%s', (_, read, message) => {
    const faults = faultsOf(read);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
  });
});

test('stop rules are read as given; null means none', () => {
  const rules = {
    maxTrials: 10,
    timeoutSeconds: 0.5,
    deviceSeconds: 3600,
    target: { metric: 'accuracy', value: 0.99 },
    patience: 3,
    regretBound: { threshold: 0.01, startupTrials: 30 },
  };
  expect(parseStopRules(rules, [accuracy])).toEqual(rules);
  const { threshold, ...asError } = { ...rules.regretBound, errorMetric: 'accuracy', startupTrials: 20 };
  expect(parseStopRules({ regretBound: { errorMetric: 'accuracy' } }, [accuracy])).toEqual({
    regretBound: asError,
  });
  expect(parseStopRules(null, problem.objectives)).toEqual({});
});

describe('samplers and pruners are made of their settings:', () => {
  const sampler = (settings: unknown) => () => createSampler(settings as JsonObject, problem);
  const pruner = (settings: unknown) => () => createPruner(settings as JsonObject, problem);
  test.each([
    [{ kind: 'auto' }],
    [{ kind: 'random', seed: 3 }],
    [{ kind: 'tpe', startupTrials: 5, candidates: 10, seed: 0 }],
  ])('sampler %j', (settings) => {
    expect(sampler(settings)()).toHaveProperty('suggest');
  });
  test.each([
    [{ kind: 'median', startupTrials: 3, warmupSteps: 2, interval: 2 }, 'accuracy'],
    [{ kind: 'asha', minResource: 1, reductionFactor: 3, metric: 'seconds' }, 'seconds'],
    [{ kind: 'asha', metric: 'loss', direction: 'MINIMIZE' }, 'loss'],
  ])('pruner %j', (settings, metric) => {
    expect(pruner(settings)()?.metrics).toEqual([metric]);
  });
  test('no pruner of null', () => {
    expect(createPruner(null, problem)).toBeNull();
  });

  const faulty: [string, () => unknown, string][] = [
    ['no object', sampler('tpe'), 'sampler: must be an object such as {"kind": "auto"}, not "tpe".'],
    [
      'no kind',
      sampler({}),
      'sampler.kind: is missing; give one of auto, exhaustive, grid, random, sobol, tpe',
    ],
    [
      'an unknown kind',
      sampler({ kind: 'gp3' }),
      'sampler.kind: must be one of auto, exhaustive, grid, random, sobol, tpe',
    ],
    ['an inherited kind', sampler({ kind: 'constructor' }), 'sampler.kind: must be one of auto'],
    ['a mistyped kind', pruner({ kind: 'medain' }), 'Did you mean "median"?'],
    [
      'a mistyped option',
      sampler({ kind: 'tpe', startUpTrial: 3 }),
      'sampler.startUpTrial: is not known here. Did you mean "startupTrials"?',
    ],
    ['a faulty seed', sampler({ kind: 'random', seed: -1 }), 'sampler.seed: must be at least 0'],
    ['a faulty option', sampler({ kind: 'tpe', candidates: 0 }), 'sampler.candidates: must be at least 1'],
    ['a faulty interval', pruner({ kind: 'median', interval: 0 }), 'pruner.interval: must be at least 1'],
    [
      'a faulty factor',
      pruner({ kind: 'asha', reductionFactor: 1 }),
      'pruner.reductionFactor: must be at least 2',
    ],
    [
      'a metric without direction',
      pruner({ kind: 'asha', metric: 'loss' }),
      'pruner.direction: is missing; give one of MINIMIZE, MAXIMIZE.',
    ],
  ];
  test.each(faulty)('%s is refused', (_, create, message) => {
    const faults = faultsOf(create);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
  });
});

test('the seed of a sampler is its own setting', () => {
  expect(samplerSeed({ kind: 'tpe', seed: 7 })).toBe(7);
  expect(samplerSeed({ kind: 'tpe' })).toBeNull();
});
