import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LiveStudyView, type TrialChange } from '../../../src/core/live-study-view.ts';
import { dominates } from '../../../src/core/pareto/dominance.ts';
import { type Losses, lossesOf } from '../../../src/core/pareto/losses.ts';
import { nonDominatedRanks } from '../../../src/core/pareto/non-dominated-ranks.ts';
import { parseStudyProblem, type StudyProblemInput } from '../../../src/core/parse-problem.ts';
import { isFeasible, type StudyProblem } from '../../../src/core/study.ts';
import { type TrialState, trialStates } from '../../../src/core/trial.ts';
import type { TrialIndex } from '../../../src/core/trial-index/trial-index.ts';

const searchSpace: StudyProblemInput['searchSpace'] = {
  rate: { type: 'float', low: 1e-3, high: 1, log: true },
  kind: { type: 'categorical', choices: ['a', 'b'] },
  depth: { type: 'int', low: 1, high: 4, when: { kind: 'a' } },
};

function problemOf(objectives: number): StudyProblem {
  return parseStudyProblem({
    searchSpace,
    objectives: Array.from({ length: objectives }, (_, k) => ({
      metric: `y${k}`,
      direction: k % 2 === 0 ? 'MINIMIZE' : 'MAXIMIZE',
    })),
    constraints: [{ metric: 'bytes', comparison: 'LESS_OR_EQUAL', bound: 3 }],
  });
}

/** Few different values, so that ties, duplicates, NaN and infinities are common. */
const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
const params = fc.oneof(
  fc.record({ rate: fc.constantFrom(0.001, 0.5, 1), kind: fc.constant('b') }),
  fc.record({
    rate: fc.constantFrom(0.01, 0.1),
    kind: fc.constant('a'),
    // Beyond the space: it was wider once.
    depth: fc.integer({ min: 1, max: 6 }),
  }),
);
const event = fc.record({
  number: fc.nat({ max: 40 }),
  state: fc.oneof(
    { weight: 3, arbitrary: fc.constant<TrialState>('COMPLETED') },
    { weight: 2, arbitrary: fc.constantFrom(...trialStates) },
  ),
  params,
  values: fc.array(value, { minLength: 3, maxLength: 3 }),
  bytes: fc.nat({ max: 8 }),
  report: fc.option(fc.tuple(fc.nat({ max: 3 }), value)),
});
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

function changeOf(problem: StudyProblem, { number, state, params, values, bytes }: Event): TrialChange {
  const told = { y0: values[0]!, y1: values[1]!, y2: values[2]!, bytes };
  const feasible = isFeasible(problem.constraints, told);
  return {
    number,
    // Told values that break a constraint end the trial as infeasible.
    state: state === 'COMPLETED' && feasible === false ? 'INFEASIBLE' : state,
    params,
    values: state === 'COMPLETED' || state === 'INFEASIBLE' ? told : null,
    feasible: state === 'COMPLETED' || state === 'INFEASIBLE' ? feasible : null,
  };
}

function applyAll(view: LiveStudyView, events: readonly Event[]): void {
  for (const event of events) {
    if (event.report !== null) view.appendCurve(event.number, 'y0', [event.report[0]], [event.report[1]]);
    view.apply(changeOf(view.problem, event));
  }
}

/** Everything an index answers, to compare two of them. */
function shown(index: TrialIndex): unknown {
  const best = [1, 3, 8, 20].map((count) => index.best(count));
  const others = [2, 8, 100].map((limit) => {
    const { numbers, weights } = index.others(best[1]!, limit);
    return { numbers, weights: [...weights], columns: index.coordinates.columnsOf(numbers) };
  });
  return { observed: index.observedCount, best, others };
}

const cases = fc.record({
  objectives: fc.integer({ min: 1, max: 3 }),
  events: fc.array(event, { maxLength: 120 }),
  looks: fc.array(fc.nat({ max: 120 }), { maxLength: 5 }),
});

test('an index kept through any changes equals one built afresh, in any order of the trials', () => {
  fc.assert(
    fc.property(cases, ({ objectives, events, looks }) => {
      const problem = problemOf(objectives);
      const live = new LiveStudyView(problem);
      live.index.best(1);
      events.forEach((event, i) => {
        applyAll(live, [event]);
        if (looks.includes(i)) shown(live.index);
      });
      const before = shown(live.index);

      for (const order of [1, -1]) {
        const rebuilt = new LiveStudyView(problem);
        const last = [...live.trials.values()].sort((a, b) => order * (a.number - b.number));
        for (const trial of last) {
          for (const [metric, { steps, values }] of trial.curves) {
            rebuilt.appendCurve(trial.number, metric, steps, values);
          }
          rebuilt.apply(trial);
        }
        expect(shown(rebuilt.index)).toEqual(before);
      }
    }),
    { numRuns: 150 },
  );
});

test('changes that are applied twice change nothing', () => {
  fc.assert(
    fc.property(cases, ({ objectives, events }) => {
      const view = new LiveStudyView(problemOf(objectives));
      applyAll(view, events);
      const before = shown(view.index);
      for (const trial of [...view.trials.values()]) view.apply(trial);
      expect(shown(view.index)).toEqual(before);
    }),
    { numRuns: 100 },
  );
});

test('the others stand for all trials but the best, and every running one for itself', () => {
  fc.assert(
    fc.property(cases, fc.nat({ max: 10 }), fc.integer({ min: 4, max: 30 }), (history, count, limit) => {
      const view = new LiveStudyView(problemOf(history.objectives));
      applyAll(view, history.events);
      const best = view.index.best(count);
      const { numbers, weights } = view.index.others(best, limit);
      const running = numbers.filter((number) => view.running.has(number));
      expect(new Set([...numbers, ...best]).size).toBe(numbers.length + best.length);
      expect(running.length).toBe(view.running.size);
      expect(numbers.length).toBe(Math.min(view.observed.length - best.length, limit) + view.running.size);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      expect(total).toBeCloseTo(view.observed.length - best.length + view.running.size, 6);
      expect(Math.min(1, ...weights)).toBe(1);
      numbers.forEach((number, i) => {
        if (view.running.has(number)) expect(weights[i]).toBe(1);
      });
    }),
    { numRuns: 150 },
  );
});

test('with several objectives the best trials are whole fronts, and part of one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4 }),
      fc.array(fc.array(fc.nat({ max: 9 }), { minLength: 4, maxLength: 4 }), { maxLength: 150 }),
      fc.integer({ min: 1, max: 60 }),
      (objectives, rows, count) => {
        const problem = parseStudyProblem({
          searchSpace: {},
          objectives: Array.from({ length: objectives }, (_, k) => ({
            metric: `y${k}`,
            direction: 'MINIMIZE',
          })),
        });
        const view = new LiveStudyView(problem);
        // So few are kept ranked.
        view.index.best(1);
        rows.forEach((row, number) => {
          const values = Object.fromEntries(row.map((y, k) => [`y${k}`, y]));
          view.apply({ number, state: 'COMPLETED', params: {}, values, feasible: true });
        });
        const best = view.index.best(count);
        expect(new Set(best).size).toBe(Math.min(count, rows.length));

        const ranks = nonDominatedRanks(rows.map((row) => row.slice(0, objectives)));
        const ascending = [...ranks].sort((a, b) => a - b);
        expect(best.map((number) => ranks[number]!).sort((a, b) => a - b)).toEqual(ascending.slice(0, count));
      },
    ),
    { numRuns: 200 },
  );
});

test('many trials that come better and better keep exact fronts', () => {
  const problem = parseStudyProblem({
    searchSpace: {},
    objectives: ['a', 'b'].map((metric) => ({ metric, direction: 'MINIMIZE' })),
  });
  const view = new LiveStudyView(problem);
  const count = 1500;
  for (let number = 0; number < count; number++) {
    const angle = ((number * 0.618) % 1) * (Math.PI / 2);
    const radius = 2 - number / count + 0.3 * ((number * 0.414) % 1);
    const values = { a: radius * Math.cos(angle), b: radius * Math.sin(angle) };
    view.apply({ number, state: 'COMPLETED', params: {}, values, feasible: true });
    if (number % 100 === 0) view.index.best(10);
  }
  const losses = [...view.trials.values()].map(
    (trial): Losses => lossesOf(problem.objectives, trial.values)!,
  );
  const isFirst = losses.map((point) => !losses.some((other) => dominates(other, point)));
  const front = isFirst.flatMap((first, number) => (first ? [number] : []));
  expect([...view.index.best(front.length)].sort((a, b) => a - b)).toEqual(front);
});

function bestNumbers(
  input: Omit<StudyProblemInput, 'searchSpace'>,
  changes: (Partial<TrialChange> & { last?: [step: number, loss: number] })[],
  count: number,
): number[] {
  const view = new LiveStudyView(parseStudyProblem({ searchSpace: {}, ...input }));
  changes.forEach(({ last, ...change }, number) => {
    if (last !== undefined) view.appendCurve(number, 'loss', [last[0]], [last[1]]);
    view.apply({ number, state: 'COMPLETED', params: {}, values: null, feasible: true, ...change });
  });
  return view.index.best(count);
}

const loss = [{ metric: 'loss', direction: 'MINIMIZE' }];

test('best are first the best completed trials, then the pruned that came furthest, then the least infeasible', () => {
  const constraints = [{ metric: 'bytes', comparison: 'LESS_OR_EQUAL', bound: 10 }];
  const trials = [
    { values: { loss: 0, bytes: 90 }, state: 'INFEASIBLE', feasible: false },
    { values: { loss: 5 } },
    { state: 'PRUNED', last: [3, 1] },
    { state: 'PRUNED', last: [9, 7] },
    { values: { loss: Number.NaN } },
    { state: 'PRUNED', last: [9, 6] },
    { values: { loss: 4 } },
    { values: { loss: 9, bytes: 11 }, state: 'INFEASIBLE', feasible: false },
    { state: 'INFEASIBLE', feasible: false },
    { state: 'PRUNED' },
  ] as const;
  const inOrder = [6, 1, 5, 3, 2, 7, 0];
  // Trials that tell nothing are never good.
  for (let count = 0; count <= trials.length; count++) {
    expect(bestNumbers({ objectives: loss, constraints }, [...trials] as never, count)).toEqual(
      inOrder.slice(0, count),
    );
  }
});

test('of a front that does not fit, those are best that dominate most together', () => {
  const objectives = [...loss, { metric: 'score', direction: 'MAXIMIZE' }];
  const rows = [
    [9, 0],
    [0, 0],
    [1, 3],
    [1.05, 3.3],
    [4, 4],
    [0.5, -3],
  ] as const;
  const trials = rows.map(([a, b]) => ({ values: { loss: a, score: b } }));
  expect(bestNumbers({ objectives }, trials, 3).sort()).toEqual([1, 3, 4]);
  expect(bestNumbers({ objectives }, trials, 5)).toContain(2);
});

test('a trial that ends as pruned before its reports are known is judged by them all the same', () => {
  const view = new LiveStudyView(parseStudyProblem({ searchSpace: {}, objectives: loss }));
  view.index.best(1);
  for (const number of [0, 1]) {
    view.apply({ number, state: 'PRUNED', params: {}, values: null, feasible: null });
  }
  view.appendCurve(1, 'loss', [1], [3]);
  expect(view.index.best(2)).toEqual([1]);
  view.appendCurve(0, 'loss', [2], [5]);
  expect(view.index.best(2)).toEqual([0, 1]);
});
