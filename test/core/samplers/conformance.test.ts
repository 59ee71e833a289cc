import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { LiveStudyView, type TrialChange } from '../../../src/core/live-study-view.ts';
import { createRandom } from '../../../src/core/random.ts';
import { createSampler } from '../../../src/core/samplers/create-sampler.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import { isActive } from '../../../src/core/search-space/condition.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import type { Params, SearchSpace } from '../../../src/core/search-space/space.ts';
import { validateParams } from '../../../src/core/search-space/validate-params.ts';
import type { Direction, StudyProblem } from '../../../src/core/study.ts';
import { anySpace } from '../search-space/arbitraries.ts';
import { anyValue, goOn, problemOf, runStudy } from './run-study.ts';

/** A space that can be walked through. */
const tinySpace = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }), fc.boolean())
  .map(([high, choices, isConditional]) =>
    parseSearchSpace({
      n: { type: 'int', low: 1, high },
      step: { type: 'float', low: 0, high: 0.3, step: 0.1, ...(isConditional ? { when: { n: 1 } } : {}) },
      choice: { type: 'categorical', choices: ['a', 'b', null, true].slice(0, choices) },
    }),
  );

const samplers: readonly [name: string, settings: JsonObject, spaces: fc.Arbitrary<SearchSpace>][] = [
  ['auto', { kind: 'auto' }, anySpace],
  ['exhaustive', { kind: 'exhaustive' }, tinySpace],
  ['grid', { kind: 'grid', steps: 3 }, anySpace],
  ['random', { kind: 'random' }, anySpace],
  ['sobol', { kind: 'sobol', seed: 3 }, anySpace],
  ['tpe', { kind: 'tpe' }, anySpace],
];

const y = (params: Params) => ({ y: anyValue(params) });

function expectInSpace(space: SearchSpace, params: Params): void {
  expect(validateParams(space, params)).toEqual(params);
  const active = space.parameters.filter((parameter) => isActive(parameter, params));
  expect(Object.keys(params)).toEqual(active.map(({ name }) => name));
}

function suggestionAfter(view: LiveStudyView, settings: JsonObject, seed = 0): Params {
  const random = createRandom(seed);
  const suggestion = createSampler(settings, view.problem).suggest(view, view.trials.size, random);
  return completeParams(view.problem.space, suggestion, {}, random);
}

describe.each(samplers)('the sampler %s', (_, settings, spaces) => {
  test('suggests only what the space has, where its conditions hold', () => {
    fc.assert(
      fc.property(spaces, fc.integer(), (space, seed) => {
        const view = runStudy(problemOf(space), settings, seed, 14, y);
        for (const trial of view.observed) expectInSpace(space, trial.params);
      }),
      { numRuns: 60 },
    );
  });

  test('suggests the same for the same seed and history, and does not change the history', () => {
    fc.assert(
      fc.property(spaces, fc.integer(), (space, seed) => {
        const view = runStudy(problemOf(space), settings, seed, 14, y);
        const before = JSON.stringify(view.observed);
        const suggest = () => suggestionAfter(view, settings, seed);
        expect(suggest()).toEqual(suggest());
        expect(JSON.stringify(view.observed)).toBe(before);
      }),
      { numRuns: 40 },
    );
  });

  test('goes on the same after a restart', () => {
    fc.assert(
      fc.property(spaces, fc.integer(), fc.integer({ min: 1, max: 13 }), (space, seed, before) => {
        const whole = runStudy(problemOf(space), settings, seed, 14, y);
        const first = runStudy(problemOf(space), settings, seed, before, y);
        const rebuilt = new LiveStudyView(problemOf(space));
        for (const trial of first.trials.values()) rebuilt.apply(trial);
        goOn(rebuilt, settings, seed, 14 - before, y);
        expect(rebuilt.observed.map((trial) => trial.params)).toEqual(
          whole.observed.map((trial) => trial.params),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('suggests the same in whatever order the trials ended, also where many are equally good', () => {
    const outcomes = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 2 }), fc.double()), {
      minLength: 12,
      maxLength: 40,
    });
    fc.assert(
      fc.property(spaces, outcomes, fc.nat(), fc.integer({ min: 1, max: 2 }), (space, told, seed, count) => {
        const problem: StudyProblem = {
          space,
          objectives: Array.from({ length: count }, (_, k) => ({ metric: `y${k}`, direction: 'MINIMIZE' })),
          constraints: [],
        };
        const trials = told.map(([y0, y1, place], number): TrialChange & { place: number } => ({
          number,
          state: 'COMPLETED',
          params: completeParams(space, {}, {}, createRandom(seed, number)),
          values: { y0, y1 },
          feasible: true,
          place,
        }));
        const suggestions = [trials, trials.toSorted((a, b) => a.place - b.place)].map((ended) => {
          const view = new LiveStudyView(problem);
          for (const trial of ended) view.apply(trial);
          return createSampler(settings, problem).suggest(view, told.length, createRandom(seed, told.length));
        });
        expect(suggestions[1]).toEqual(suggestions[0]);
      }),
      { numRuns: 40 },
    );
  });

  test('finds the same when every objective changes its direction and its values their sign', () => {
    fc.assert(
      fc.property(spaces, fc.integer(), fc.integer({ min: 1, max: 3 }), (space, seed, count) => {
        const paramsOf = (direction: Direction) => {
          const problem = problemOf(space, direction, count);
          const sign = direction === 'MINIMIZE' ? 1 : -1;
          const evaluate = (params: Params) =>
            Object.fromEntries(
              problem.objectives.map(({ metric }, k) => [
                metric,
                sign * Math.sin(anyValue(params) * (k + 1)),
              ]),
            );
          return runStudy(problem, settings, seed, 16, evaluate).observed.map((trial) => trial.params);
        };
        expect(paramsOf('MAXIMIZE')).toEqual(paramsOf('MINIMIZE'));
      }),
      { numRuns: 40 },
    );
  });

  test('survives NaN, infinities, failures and trials that all break a constraint', () => {
    const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0);
    const state = fc.constantFrom('COMPLETED', 'PRUNED', 'INFEASIBLE', 'FAILED', 'CANCELLED', 'RUNNING');
    const outcome = fc.record({ state, y: odd, c: odd });
    fc.assert(
      fc.property(
        spaces,
        fc.array(outcome, { maxLength: 16 }),
        fc.boolean(),
        (space, outcomes, allBroken) => {
          const problem: StudyProblem = {
            ...problemOf(space),
            constraints: [{ metric: 'c', comparison: 'LESS_OR_EQUAL', bound: -1 }],
          };
          const view = new LiveStudyView(problem);
          outcomes.forEach(({ state, ...values }, number) => {
            const params = completeParams(space, {}, {}, createRandom(number));
            const feasible = allBroken ? false : !(values.c > -1);
            view.apply({ number, state: allBroken ? 'INFEASIBLE' : state, params, values, feasible });
          });
          expectInSpace(space, suggestionAfter(view, settings));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('gives the only value of parameters that have one', () => {
    const space = parseSearchSpace({
      only: { type: 'categorical', choices: ['this'] },
      fixed: { type: 'int', low: 4, high: 4 },
      point: { type: 'float', low: 0.5, high: 0.5 },
    });
    const view = runStudy(problemOf(space), settings, 1, 30, y);
    for (const { params } of view.observed) expect(params).toEqual({ only: 'this', fixed: 4, point: 0.5 });
  });

  test('goes on in a space that was widened in the middle', () => {
    const narrow = { n: { type: 'int', low: 1, high: 2 }, choice: { type: 'categorical', choices: ['a'] } };
    const wide = {
      n: { type: 'int', low: 0, high: 4 },
      choice: { type: 'categorical', choices: ['a', 'b'] },
      more: { type: 'float', low: 0, high: 1, step: 0.5, when: { choice: 'b' } },
    };
    for (let seed = 0; seed < 10; seed++) {
      const before = runStudy(problemOf(parseSearchSpace(narrow)), settings, seed, 12, y);
      const view = new LiveStudyView(problemOf(parseSearchSpace(wide)));
      for (const trial of before.trials.values()) view.apply(trial);
      goOn(view, settings, seed, 12, y);
      for (const trial of view.observed.slice(12)) expectInSpace(view.problem.space, trial.params);
      expect(view.observed.slice(12).some(({ params }) => params.choice === 'b')).toBe(true);
    }
  });
});
