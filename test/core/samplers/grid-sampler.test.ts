import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { createRandom } from '../../../src/core/random.ts';
import { createSampler } from '../../../src/core/samplers/create-sampler.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import type { Params } from '../../../src/core/search-space/space.ts';
import { stopReason } from '../../../src/core/stop-reason.ts';
import type { TrialState } from '../../../src/core/trial.ts';
import { problemOf } from './run-study.ts';

const space = parseSearchSpace({
  rate: { type: 'float', low: 1e-4, high: 1, log: true },
  layers: { type: 'int', low: 1, high: 9 },
  optimizer: { type: 'categorical', choices: ['adam', 'sgd'] },
  momentum: { type: 'float', low: 0, high: 0.9, when: { optimizer: 'sgd' } },
});
const settings = { kind: 'grid', steps: { rate: 5, layers: 3, momentum: 2 } };
/** 5 rates x 3 layers x (adam, or sgd with 2 momenta). */
const points = 45;

/** Asks for trials of the given states until nothing is left. */
function walk(
  view: LiveStudyView,
  settings: JsonObject,
  states: readonly TrialState[] = ['COMPLETED'],
): Params[] {
  const sampler = createSampler(settings, view.problem);
  const walked: Params[] = [];
  while (sampler.settingsLeft!(view) > 0) {
    const number = view.trials.size;
    const params = sampler.suggest(view, number, createRandom(number));
    view.apply({ number, state: states[number % states.length]!, params, values: { y: 0 }, feasible: true });
    walked.push(params);
  }
  return walked;
}

test('a grid has the ends and even steps of each axis, and each point once', () => {
  const walked = walk(new LiveStudyView(problemOf(space)), settings);
  expect(new Set(walked.map((params) => JSON.stringify(params))).size).toBe(points);
  expect(walked.length).toBe(points);
  const valuesOf = (name: string) => [...new Set(walked.map((params) => params[name]))].sort();
  expect(valuesOf('layers')).toEqual([1, 5, 9]);
  expect(valuesOf('momentum')).toEqual([0, 0.9, undefined]);
  [1e-4, 1e-3, 1e-2, 1e-1, 1].forEach((rate, i) => {
    expect(valuesOf('rate')[i]).toBeCloseTo(rate, 10);
  });
  for (const params of walked) expect('momentum' in params).toBe(params.optimizer === 'sgd');
});

test('the order is another for another seed, and not that of the list', () => {
  const order = (seed: number) => walk(new LiveStudyView(problemOf(space)), { ...settings, seed });
  expect(order(1)).toEqual(order(1));
  expect(order(1)).not.toEqual(order(2));
  expect(order(1).map(({ rate }) => rate)).not.toEqual(
    order(1)
      .map(({ rate }) => rate)
      .toSorted(),
  );
});

test('no point comes twice, whatever became of its trial, across restarts and concurrent trials', () => {
  const states = fc.array(
    fc.constantFrom<TrialState>('RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'QUEUED'),
    {
      minLength: 1,
      maxLength: 5,
    },
  );
  fc.assert(
    fc.property(states, fc.nat({ max: points - 1 }), (states, before) => {
      const whole = walk(new LiveStudyView(problemOf(space)), settings, states);
      const view = new LiveStudyView(problemOf(space));
      whole.slice(0, before).forEach((params, number) => {
        view.apply({ number, state: states[number % states.length]!, params, values: null, feasible: null });
      });
      expect(walk(view, settings, states)).toEqual(whole.slice(before));
    }),
    { numRuns: 40 },
  );
});

test('trials that wait count when their parameters are known, and off the grid they take nothing', () => {
  const view = new LiveStudyView(problemOf(space));
  const sampler = createSampler(settings, view.problem);
  const queued = (number: number, params: Params) =>
    view.apply({ number, state: 'QUEUED', params, values: null, feasible: null });
  const left = () => sampler.settingsLeft!(view);
  expect(left()).toBe(points);
  queued(0, { layers: 5 });
  queued(1, { rate: 1, layers: 5, optimizer: 'adam' });
  queued(2, { rate: 0.5, layers: 5, optimizer: 'adam' });
  queued(3, { rate: 1, layers: 5, optimizer: 'sgd' });
  expect(left()).toBe(points - 1);
  const params = { rate: 1, layers: 5, optimizer: 'sgd', momentum: 0 };
  view.apply({ number: 3, state: 'RUNNING', params, values: null, feasible: null });
  expect(left()).toBe(points - 2);
});

test('exhaustive tries all that there is, without what was tried before', () => {
  const small = parseSearchSpace({
    a: { type: 'int', low: 1, high: 3 },
    b: { type: 'float', low: 0, high: 1, step: 0.5, when: { a: { gte: 2 } } },
    c: { type: 'categorical', choices: [true, null], when: { a: 3, b: 0.5 } },
  });
  const view = new LiveStudyView(problemOf(small));
  view.apply({ number: 0, state: 'FAILED', params: { a: 1 }, values: null, feasible: null });
  const walked = walk(view, { kind: 'exhaustive' });
  const text = (params: Params) => JSON.stringify(params);
  expect(walked.map(text).sort()).toEqual(
    [
      { a: 2, b: 0 },
      { a: 2, b: 0.5 },
      { a: 2, b: 1 },
      { a: 3, b: 0 },
      { a: 3, b: 0.5, c: null },
      { a: 3, b: 0.5, c: true },
      { a: 3, b: 1 },
    ]
      .map(text)
      .sort(),
  );
});

test('a study ends when its settings are tried and no trial is under way', () => {
  const view = new LiveStudyView(problemOf(space));
  const progress = {
    ...{ trialLimit: 100, trialCount: 45, held: 0, elapsedMs: 0, deviceMs: 0 },
    regretBound: () => null,
  };
  expect(stopReason({}, view, { ...progress, unfinished: 0, settingsLeft: 0 })).toBe(
    'All settings of the sampler are tried, in 45 trials.',
  );
  expect(stopReason({}, view, { ...progress, unfinished: 1, settingsLeft: 0 })).toBeNull();
  expect(stopReason({}, view, { ...progress, unfinished: 0, settingsLeft: 1 })).toBeNull();
});

describe('faulty settings', () => {
  const many = parseSearchSpace(
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, { type: 'int', low: 0, high: 9 }])),
  );
  test.each([
    [
      'a continuous parameter without steps',
      { kind: 'grid', steps: { rate: 3 } },
      space,
      'sampler.steps: must say how many values of "momentum" to try: {"momentum": 5}.',
    ],
    [
      'an unknown parameter',
      { kind: 'grid', steps: { rat: 3 } },
      space,
      'sampler.steps.rat: is not known here.',
    ],
    ['steps that are none', { kind: 'grid', steps: 0 }, space, 'sampler.steps: must be at least 1, not 0.'],
    ['half a step', { kind: 'grid', steps: { rate: 2.5 } }, space, 'sampler.steps.rate: must be an integer'],
    [
      'too many points',
      { kind: 'grid' },
      many,
      'sampler.steps: leads to more than 50000 settings; take fewer steps.',
    ],
    [
      'too many settings',
      { kind: 'exhaustive' },
      many,
      'sampler.kind: leads to more than 50000 settings; use grid with steps, or tpe.',
    ],
    [
      'a continuous parameter',
      { kind: 'exhaustive' },
      space,
      'sampler.kind: cannot be exhaustive: "rate" has no step; give it one, or use grid with steps, or tpe.',
    ],
    [
      'a huge range',
      { kind: 'exhaustive' },
      parseSearchSpace({ n: { type: 'int', low: 0, high: 1e15 } }),
      'sampler.kind: leads to more than 100000 settings',
    ],
    ['options of another kind', { kind: 'sobol', steps: 3 }, space, 'sampler.steps: is not known here.'],
  ])('%s is named with its path', (_, settings, space, message) => {
    expect(() => createSampler(settings, problemOf(space))).toThrow(message);
  });
});
