import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type StudyInsights, studyInsights } from '../../../src/core/insights/study-insights.ts';
import { axisOf } from '../../../src/core/search-space/axis.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import type { CategoricalParameter, Params, SearchSpaceInput } from '../../../src/core/search-space/space.ts';
import { validateParams } from '../../../src/core/search-space/validate-params.ts';
import type { StudyProblem } from '../../../src/core/study.ts';
import { problemOf, type RecordedTrial, randomTrials, recordedStudy } from '../importance/recorded-study.ts';
import { anyConstrainedSpace, anySpace, isFound } from '../search-space/arbitraries.ts';

const unit = { type: 'float', low: 0, high: 1 } as const;
const hourMs = 3_600_000;

/** Every trial took six minutes. */
function insights(problem: StudyProblem, trials: readonly RecordedTrial[]): StudyInsights {
  const durations = new Map(trials.map((_, number) => [number, hourMs / 10]));
  return studyInsights(recordedStudy(problem, trials), problem.objectives, durations);
}

const training = problemOf({
  rate: { type: 'float', low: 1e-5, high: 1, log: true },
  dropout: { type: 'float', low: 0, high: 0.9 },
  optimizer: { type: 'categorical', choices: ['sgd', 'adam', 'lbfgs'] },
  history: { type: 'int', low: 1, high: 100, when: { optimizer: { in: ['lbfgs'] } } },
  memory: { ...unit, when: { history: { gt: 50 } } },
  decay: { ...unit, when: { optimizer: { in: ['sgd', 'lbfgs'] } } },
  noise: unit,
});

function lossOf({ rate, dropout, optimizer }: Params): number {
  const size = Math.log10(rate as number) + 2;
  return 0.2 + 0.1 * size ** 2 + Math.max(0, (dropout as number) - 0.4) + (optimizer === 'lbfgs' ? 1 : 0);
}

describe('useless ranges', () => {
  const trials = randomTrials(training, 300, 1, lossOf);
  const found = insights(training, trials);

  test('are the values that were tried often and gave nothing good, with what they took', () => {
    const { uselessRanges, goodTrials } = found;
    const names = uselessRanges.map(({ parameter }) => parameter);
    expect(names.toSorted()).toEqual(['dropout', 'optimizer', 'rate', 'rate']);
    const best = trials.toSorted((a, b) => a.values!.y! - b.values!.y!).slice(0, goodTrials);
    for (const { parameter, low, high, choices, ...range } of uselessRanges) {
      const isThere = ({ params }: RecordedTrial) =>
        choices?.includes(params[parameter]!) ??
        ((params[parameter] as number) >= low! && (params[parameter] as number) <= high!);
      const there = trials.filter(isThere);
      expect(range.trials).toBe(there.length);
      expect(range.deviceHours).toBeCloseTo(there.length / 10, 9);
      expect(range.bestValues).toEqual({ y: Math.min(...there.map(({ values }) => values!.y!)) });
      expect(best.filter(isThere)).toEqual([]);
      expect(range.pValue).toBeLessThan(0.05);
    }
    expect(found.deviceHours).toBeCloseTo(30, 9);
    expect(found.uselessDeviceHours).toBeLessThan(30);
  });

  test('are told in words', () => {
    const sentence = found.uselessRanges.find(({ parameter }) => parameter === 'dropout')!.sentence;
    expect(sentence).toMatch(
      /^`dropout` between 0\.\d+ and 0\.9 was tried \d+ times and never came within \d+% of the best `y` \(0\.\d+ there, 0\.2\d* elsewhere\); that took \d+ device-hours\.$/,
    );
    const choice = found.uselessRanges.find(({ parameter }) => parameter === 'optimizer')!;
    expect(choice).toMatchObject({ low: null, high: null, choices: ['lbfgs'] });
    expect(choice.sentence).toMatch(
      /^`optimizer` "lbfgs" was tried \d+ times and never came near the best `y`/,
    );
    expect(found.sentences).toContain(sentence);
  });

  test('a range that was hardly tried is not called useless', () => {
    const problem = problemOf({ x: unit, other: unit });
    const blind = randomTrials(problem, 200, 2, ({ other }) => other!);
    const rare = blind.map((trial, i): RecordedTrial => {
      const x = 0.5 * (trial.params.x as number) + (i % 50 === 0 ? 0.5 : 0);
      return { params: { ...trial.params, x }, values: { y: trial.values!.y! + (x > 0.5 ? 1 : 0) } };
    });
    expect(insights(problem, rare).uselessRanges.filter(({ parameter }) => parameter === 'x')).toEqual([]);
  });

  test('where nothing matters, chance makes one up in fewer than one study of twenty', () => {
    const problem = problemOf({ a: unit, b: unit, c: { type: 'categorical', choices: [1, 2, 3, 4] } });
    let studies = 0;
    for (let seed = 0; seed < 200; seed++) {
      const trials = randomTrials(problem, 100, seed, (_, i) => (i * 37) % 101);
      if (insights(problem, trials).uselessRanges.length > 0) studies++;
    }
    expect(studies).toBeLessThanOrEqual(10);
  });

  test('of many ordered choices, all those of a stretch are named', () => {
    const sizes = Array.from({ length: 120 }, (_, i) => `${i} MB`);
    const problem = problemOf({ size: { type: 'categorical', choices: sizes, ordered: true } });
    const trials = randomTrials(problem, 400, 8, (params) => sizes.indexOf(String(params.size)));
    const { uselessRanges, suggestedSpace } = insights(problem, trials);
    const { choices, trials: count, sentence } = uselessRanges[0]!;
    expect(choices).toEqual(sizes.slice(-choices!.length));
    expect(count).toBe(trials.filter(({ params }) => choices!.includes(params.size!)).length);
    expect(sentence).toMatch(/^`size` ("\d+ MB", ){4}"\d+ MB" and \d+ more was tried/);
    const kept = (suggestedSpace.searchSpace.size as CategoricalParameter).choices;
    expect(kept).toEqual(sizes.slice(0, kept.length));
    expect(kept.length).toBeLessThan(40);
  });

  test('trials that broke a constraint, were pruned or gave no number are nothing good', () => {
    const problem = problemOf({ x: unit });
    const spoilt = randomTrials(problem, 200, 4, (_, i) => i % 2).map((trial): RecordedTrial => {
      const x = trial.params.x as number;
      if (x > 0.9) return { ...trial, values: { y: Number.NaN } };
      if (x > 0.8) return { ...trial, state: 'PRUNED', values: null };
      return x > 0.7 ? { ...trial, state: 'INFEASIBLE', values: { y: -1 } } : trial;
    });
    const [range] = insights(problem, spoilt).uselessRanges;
    expect(range).toMatchObject({ parameter: 'x', high: 1, bestValues: { y: null } });
    expect(range!.low).toBeGreaterThan(0.65);
    expect(range!.sentence).toMatch(/never gave a valid result/);
  });
});

describe('parameters that never mattered', () => {
  test('are those whose values do equally well; one that matters in the middle only is not', () => {
    const problem = problemOf({
      middle: unit,
      idle: unit,
      idleChoice: { type: 'categorical', choices: ['a', 'b', 'c'] },
      parent: { type: 'categorical', choices: [true, false] },
      idleChild: { ...unit, when: { parent: true } },
    });
    const trials = randomTrials(
      problem,
      400,
      5,
      ({ middle, parent }) => (middle! - 0.5) ** 2 + (parent ? 0.1 : 0),
    );
    const { idleParameters, sentences } = insights(problem, trials);
    expect(idleParameters.map(({ parameter }) => parameter).toSorted()).toEqual([
      'idle',
      'idleChild',
      'idleChoice',
    ]);
    for (const { pValue, trials: had, parameter } of idleParameters) {
      expect(pValue).toBeGreaterThan(0.1);
      expect(had).toBe(trials.filter(({ params }) => parameter in params).length);
    }
    expect(sentences.filter((sentence) => sentence.includes('never mattered'))).toHaveLength(1);
  });

  test('are not named before there are enough trials to tell', () => {
    const problem = problemOf({ x: unit, idle: unit });
    const trials = randomTrials(problem, 59, 6, ({ x }) => x!);
    expect(insights(problem, trials).idleParameters).toEqual([]);
  });
});

describe('the suggested space', () => {
  test('drops what is useless, and what depended on it, and keeps the rest as it was', () => {
    const { suggestedSpace } = insights(training, randomTrials(training, 300, 1, lossOf));
    const { rate, dropout, ...rest } = suggestedSpace.searchSpace as Record<
      string,
      { low: number; high: number }
    >;
    expect(rest).toEqual({
      optimizer: { type: 'categorical', choices: ['sgd', 'adam'] },
      decay: { ...unit, when: { optimizer: { in: ['sgd'] } } },
      noise: unit,
    });
    expect(dropout).toMatchObject({ low: 0 });
    expect(dropout!.high).toBeLessThan(0.5);
    expect(rate!.low).toBeGreaterThan(1e-4);
    expect(rate!.high).toBeLessThan(0.5);
    const gone = suggestedSpace.changes.filter(({ keptShare }) => keptShare === 0);
    expect(gone.map(({ parameter }) => parameter)).toEqual(['history', 'memory']);
    expect(suggestedSpace.keptVolume).toBeLessThan(0.3);
  });

  test('is a valid space with all good trials inside, whatever the space and the history', () => {
    let narrower = 0;
    let [withPriors, withConstraints] = [0, 0];
    fc.assert(
      fc.property(
        anyConstrainedSpace.filter(isFound),
        fc.integer(),
        fc.integer({ min: 0, max: 150 }),
        (written, seed, count) => {
          const input = { ...written, constant: { type: 'fixed', value: 'yes' } };
          const space = parseSearchSpace(input);
          const problem: StudyProblem = {
            space,
            objectives: [{ metric: 'y', direction: 'MAXIMIZE' }],
            constraints: [],
          };
          // Large coordinates are good, so that there is something to cut.
          const trials = randomTrials(problem, count, seed, (params) =>
            space.parameters.reduce((sum, parameter) => {
              const value = params[parameter.name];
              return value === undefined ? sum : sum + axisOf(parameter).encode(value);
            }, 0),
          );
          const { suggestedSpace, goodTrials } = insights(problem, trials);
          const suggested = parseSearchSpace(suggestedSpace.searchSpace);
          expect(suggestedSpace.searchSpace.constant).toEqual(input.constant);
          if (suggestedSpace.changes.length === 0) expect(suggested).toEqual(space);
          else {
            narrower++;
            if (suggested.parameters.some(({ prior }) => prior !== undefined)) withPriors++;
            if (suggested.constraints.length > 0) withConstraints++;
          }
          const best = trials.toSorted((a, b) => b.values!.y! - a.values!.y!).slice(0, goodTrials);
          for (const { params } of best) {
            // The steps of a narrower range are counted from another end, so they differ in the last digits.
            const near = Object.entries(params).map(([name, value]) => [
              name,
              typeof value === 'number' ? expect.closeTo(value, 9) : value,
            ]);
            expect(validateParams(suggested, params)).toEqual(Object.fromEntries(near));
          }
          for (const { name, default: value } of suggested.parameters) {
            if (value !== undefined) expect(value).toBe(space.byName.get(name)!.default);
          }
        },
      ),
      { numRuns: 80, endOnFailure: true },
    );
    expect(narrower).toBeGreaterThan(10);
    expect(withPriors).toBeGreaterThan(3);
    expect(withConstraints).toBeGreaterThan(3);
  });

  test('has the default and the prior as far as they fit, and the constraints of what is left', () => {
    const problem = problemOf({
      rate: { type: 'float', low: 0, high: 1, default: 0.9, prior: { mean: 0.8, sd: 0.1 } },
      kind: {
        type: 'categorical',
        choices: ['a', 'b', 'c'],
        default: 'c',
        prior: { weights: [1, 2, 3] },
      },
      width: { type: 'int', low: 1, high: 9, default: 4 },
      extra: { type: 'int', low: 1, high: 9, when: { kind: 'c' } },
      $constraints: [
        { sum: { width: 1, extra: 2 }, lte: 20 },
        { sum: { extra: 1 }, lte: 8 },
        { sum: { width: 1 }, gte: 2, when: { kind: { in: ['a', 'c'] } } },
      ],
    } as unknown as SearchSpaceInput);
    const trials = randomTrials(
      problem,
      500,
      3,
      ({ rate, kind }) => Math.max(rate!, 0.2) + ((kind as unknown) === 'c' ? 5 : 0),
    );
    const { searchSpace } = insights(problem, trials).suggestedSpace;
    const { high } = searchSpace.rate as { high: number };
    expect(high).toBeLessThan(0.8);
    expect(searchSpace).toMatchObject({
      rate: { type: 'float', low: 0, prior: { mean: high, sd: expect.closeTo(0.1 / high, 2) } },
      kind: { choices: ['a', 'b'], prior: { weights: [1, 2] } },
      width: { type: 'int', low: 1, high: 9, default: 4 },
      $constraints: [
        { sum: { width: 1 }, lte: 20 },
        { sum: { width: 1 }, gte: 2, when: { kind: { in: ['a'] } } },
      ],
    });
    expect(searchSpace).not.toHaveProperty('extra');
    expect(searchSpace).not.toHaveProperty('rate.default');
    expect(searchSpace).not.toHaveProperty('kind.default');
  });

  test('leaves alone what a constraint is about where only trials of before the constraint were good', () => {
    const wide = problemOf({ a: unit, b: unit });
    const trials = randomTrials(wide, 300, 1, ({ a, b }) => -a! - b!);
    const searchSpace = { a: unit, b: unit, $constraints: [{ sum: { a: 1, b: 1 }, lte: 0.4 }] };
    const bounded = problemOf(searchSpace as unknown as SearchSpaceInput);
    expect(insights(wide, trials).suggestedSpace.changes).toHaveLength(2);
    expect(insights(bounded, trials).suggestedSpace).toMatchObject({ searchSpace, changes: [] });
  });
});

describe('the unexplored space', () => {
  const problem = problemOf({ x: unit, y: unit });
  const at = (points: readonly (readonly [number, number])[], state: RecordedTrial['state'] = 'COMPLETED') =>
    points.map(([x, y]): RecordedTrial => ({ params: { x, y }, values: { y: 4 * x + y }, state }));
  const grid = (from: number, to: number) =>
    Array.from(
      { length: 100 },
      (_, i) => [from + ((to - from) * (i % 10)) / 9, Math.floor(i / 10) / 9] as const,
    );

  test('is all without trials, none among many, and half where half was not tried', () => {
    expect(insights(problem, []).unexplored.share).toBe(1);
    expect(insights(problem, at(grid(0, 1))).unexplored.share).toBe(0);
    // What is within a tenth of x = 0.5 counts as seen.
    expect(insights(problem, at(grid(0, 0.5))).unexplored.share).toBeCloseTo(0.4, 1);
  });

  test('does not count what breaks the constraints between parameters', () => {
    const bounded = problemOf({
      x: unit,
      y: unit,
      $constraints: [{ sum: { x: 1 }, lte: 0.5 }],
    } as unknown as SearchSpaceInput);
    expect(insights(problem, at(grid(0, 0.5))).unexplored.share).toBeGreaterThan(0.3);
    const { share, sentence } = insights(bounded, at(grid(0, 0.5))).unexplored;
    expect(share).toBe(0);
    expect(sentence).toContain('the feasible space');
  });

  test('does not count what is infeasible as far as the nearest trials tell', () => {
    const edge = [0.7, 0.8, 0.9].flatMap((x) => [0, 0.2, 0.4, 0.6, 0.8, 1].map((y) => [x, y] as const));
    const { share } = insights(problem, [...at(grid(0, 0.3)), ...at(edge, 'INFEASIBLE')]).unexplored;
    // Feasible is nearer to 0.3 than to 0.7, and of that half unexplored lies beyond 0.4.
    expect(share).toBeCloseTo(0.2, 1);
  });
});

test('dominated, pruned, infeasible and failed trials are counted with what they took', () => {
  const objectives = ['y', 'z'].map((metric) => ({ metric, direction: 'MINIMIZE' }));
  const problem = problemOf({ x: unit }, { objectives });
  const trial = (y: number, z: number, state?: RecordedTrial['state']): RecordedTrial => ({
    params: { x: 0.5 },
    values: { y, z },
    ...(state && { state }),
  });
  const { spentTrials } = insights(problem, [
    trial(0, 1),
    trial(1, 0),
    trial(1, 1),
    trial(2, 2),
    trial(0, 0, 'PRUNED'),
    trial(0, 0, 'INFEASIBLE'),
    trial(Number.NaN, 0),
    { params: { x: 0.5 }, values: null, state: 'FAILED' },
  ]);
  expect(spentTrials.map(({ sentence: _, ...spent }) => spent)).toEqual([
    { outcome: 'DOMINATED', trials: 2, share: 0.25, deviceHours: 0.2 },
    { outcome: 'PRUNED', trials: 1, share: 0.125, deviceHours: 0.1 },
    { outcome: 'INFEASIBLE', trials: 1, share: 0.125, deviceHours: 0.1 },
    { outcome: 'FAILED', trials: 1, share: 0.125, deviceHours: 0.1 },
  ]);
  expect(spentTrials[0]!.sentence).toBe(
    '2 trials (25%) are dominated by others; that took 12 device-minutes.',
  );
});

describe('whatever the study', () => {
  test('the order of the history changes nothing, nor do sign and direction together', () => {
    fc.assert(
      fc.property(anySpace, fc.integer(), fc.integer({ min: 0, max: 150 }), (space, seed, count) => {
        const problem: StudyProblem = {
          space,
          objectives: [{ metric: 'y', direction: 'MINIMIZE' }],
          constraints: [],
        };
        const trials = randomTrials(problem, count, seed, (params, i) =>
          i % 10 === 9 ? Number.NaN : Math.round(10 * Math.sin(Object.values(params).join().length)),
        );
        const found = insights(problem, trials);
        const facts = ({ uselessRanges, ...rest }: StudyInsights) => ({
          ...rest,
          uselessRanges: uselessRanges.map(({ places: _, ...range }) => range),
        });
        expect(facts(insights(problem, trials.toReversed()))).toEqual(facts(found));
        const negated = trials.map(({ values, ...rest }) => ({ ...rest, values: { y: -values!.y! } }));
        const other = insights({ ...problem, objectives: [{ metric: 'y', direction: 'MAXIMIZE' }] }, negated);
        expect(other.importances).toEqual(found.importances);
        expect(other.idleParameters).toEqual(found.idleParameters);
        expect(other.suggestedSpace).toEqual(found.suggestedSpace);
        expect(other.unexplored).toEqual(found.unexplored);
      }),
      { numRuns: 50 },
    );
  });

  const spaces: Record<string, SearchSpaceInput> = {
    'no parameters': {},
    'one choice': { only: { type: 'fixed', value: 'a' }, fixed: { type: 'int', low: 2, high: 2 } },
    floats: { a: unit, b: unit },
  };
  test.each(Object.keys(spaces))('nothing is made up of few, equal or infeasible trials: %s', (name) => {
    const problem = problemOf(spaces[name]!);
    const equal = randomTrials(problem, 100, 7, () => 1);
    const histories: Record<string, RecordedTrial[]> = {
      none: [],
      one: equal.slice(0, 1),
      equal,
      infeasible: equal.map((trial) => ({ ...trial, state: 'INFEASIBLE' })),
      unfinished: equal.map((trial) => ({ ...trial, state: 'RUNNING', values: null })),
    };
    for (const history of Object.values(histories)) {
      const found = insights(problem, history);
      expect(found.uselessRanges).toEqual([]);
      expect(found.idleParameters).toEqual([]);
      expect(found.suggestedSpace).toMatchObject({ searchSpace: spaces[name], changes: [], keptVolume: 1 });
      expect(found.sentences.length).toBeGreaterThan(1);
      expect(JSON.stringify(found)).not.toMatch(/NaN|undefined|null,"trials"/);
    }
  });
});
