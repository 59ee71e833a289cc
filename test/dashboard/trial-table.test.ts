import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { padded, valueRange } from '../../src/dashboard/charts/data/axis-range.ts';
import { bestSoFar } from '../../src/dashboard/charts/data/best-so-far.ts';
import { parametersOf } from '../../src/dashboard/charts/data/parameters.ts';
import { type ChangedTrial, TrialTable } from '../../src/dashboard/charts/data/trial-table.ts';
import { visiblePoints } from '../../src/dashboard/charts/data/visible-points.ts';

const space = {
  rate: { type: 'float', low: 1e-4, high: 1, log: true },
  optimizer: { type: 'categorical', choices: ['sgd', 1, '1', null] },
  momentum: { type: 'float', low: 0, high: 1, when: { optimizer: 'sgd' } },
  seed: { type: 'fixed', value: 3 },
  $constraints: [],
};
const choices = { optimizer: space.optimizer.choices };

const emptyTable = () =>
  new TrialTable(parametersOf(space), (name) => choices[name as keyof typeof choices] ?? []);

const trial = (number: number, change: Partial<ChangedTrial> = {}): ChangedTrial => ({
  number,
  state: 'COMPLETED',
  params: {},
  values: null,
  feasible: true,
  ...change,
});

test('the parameters of a space are those that can differ', () => {
  expect(parametersOf(space).map(({ name, kind, log }) => [name, kind, log])).toEqual([
    ['rate', 'number', true],
    ['optimizer', 'choice', false],
    ['momentum', 'number', false],
  ]);
  expect(parametersOf(null)).toEqual([]);
});

describe('a table of trials', () => {
  test('keeps equal trials whether they came as columns or as events', () => {
    const endedStates = ['COMPLETED', 'PRUNED', 'INFEASIBLE', 'FAILED', 'CANCELLED'] as const;
    const anyTrial = fc.record({
      state: fc.constantFrom(...endedStates),
      rate: fc.double({ min: 0, max: 1, noNaN: true }),
      optimizer: fc.constantFrom('sgd', 1, '1', 'outside'),
      loss: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    });
    fc.assert(
      fc.property(fc.array(anyTrial, { maxLength: 200 }), (trials) => {
        const columns = emptyTable();
        columns.setResults({
          numbers: trials.map((_, number) => number),
          states: trials.map(({ state }) => state),
          values: { loss: trials.map(({ loss }) => loss) },
          feasible: trials.map(({ state }) => state === 'COMPLETED'),
        });
        columns.setParams(
          trials.map((_, number) => number),
          { rate: trials.map(({ rate }) => rate), optimizer: trials.map(({ optimizer }) => optimizer) },
        );
        const events = emptyTable();
        events.param('rate');
        events.param('optimizer');
        for (const [number, { state, rate, optimizer, loss }] of trials.entries()) {
          const values = loss === null ? null : { loss };
          const feasible = state === 'COMPLETED';
          events.apply(trial(number, { state, feasible, values, params: { rate, optimizer } }));
        }
        const view = (table: TrialTable) => {
          const cut = (column: Float64Array | Uint8Array) => Array.from(column.subarray(0, trials.length));
          return [
            table.size,
            cut(table.states),
            cut(table.feasible),
            cut(table.value('loss')),
            cut(table.param('rate')),
            cut(table.param('optimizer')).map((place) => table.labels('optimizer')[place]),
          ];
        };
        expect(view(events)).toEqual(view(columns));
      }),
    );
  });

  test('forgets a trial that is queued again, and tells choices of one text apart', () => {
    const table = emptyTable();
    table.param('optimizer');
    for (const [number, optimizer] of ['1', 1, 'sgd', null].entries()) {
      table.apply(trial(number, { params: { optimizer }, values: { loss: 1 } }));
    }
    expect(Array.from(table.param('optimizer').subarray(0, 4))).toEqual([2, 1, 0, 3]);
    table.apply(trial(2, { state: 'QUEUED' }));
    expect([0, 1, 2, 3].map((number) => table.isResult(number))).toEqual([true, true, false, true]);
  });

  test('has the best so far of completed trials within the constraints, and of equal ones the first', () => {
    const table = emptyTable();
    const losses = [5, Number.NaN, 3, 1, 3, 2];
    for (const [number, loss] of losses.entries()) {
      const isBroken = number === 3;
      const change = { state: isBroken ? 'INFEASIBLE' : 'COMPLETED', feasible: !isBroken } as const;
      table.apply(trial(number, { ...change, values: { loss } }));
    }
    expect(bestSoFar(table, 'loss', 'MINIMIZE')).toEqual({ numbers: [0, 2, 5], values: [5, 3, 2] });
    expect(bestSoFar(table, 'loss', 'MAXIMIZE')).toEqual({ numbers: [0], values: [5] });
    expect(bestSoFar(emptyTable(), 'loss', 'MINIMIZE').numbers).toEqual([]);
  });
});

describe('the range of values', () => {
  test('leaves outliers of the worse side out, and never the best', () => {
    const values = Array.from({ length: 100 }, (_, i) => i / 100);
    expect(valueRange([...values, 1e9], 'MINIMIZE')![1]).toBeLessThan(5);
    expect(valueRange([...values, 1e9], 'MAXIMIZE')![1]).toBe(1e9);
    expect(valueRange([...values, -1e9], 'MINIMIZE')![0]).toBe(-1e9);
    expect(valueRange([...values, 1e9], null)).toEqual([0, 1e9]);
  });

  test('is whole for few or equal values, and absent without any', () => {
    expect(valueRange([1, 1e9], 'MINIMIZE')).toEqual([1, 1e9]);
    expect(valueRange(Array(50).fill(3), 'MINIMIZE')).toEqual([3, 3]);
    expect(valueRange([Number.NaN, Number.POSITIVE_INFINITY], 'MINIMIZE')).toBeNull();
  });

  test('has a margin on both sides, in the logarithm too', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        fc.boolean(),
        (low, factor, log) => {
          const [from, to] = padded([low, low * factor], log);
          expect(from).toBeLessThan(low);
          expect(to).toBeGreaterThan(low * factor);
          if (log) expect(from).toBeGreaterThan(0);
        },
      ),
    );
  });
});

test('points that others cover are left out, and no cell with a point stays empty', () => {
  const count = 50_000;
  const xs = Float64Array.from({ length: count }, (_, i) => i % 100);
  const ys = Float64Array.from({ length: count }, (_, i) => (i % 10 === 0 ? Number.NaN : i % 50));
  const places = Array.from({ length: count }, (_, i) => i);
  const shown = visiblePoints(xs, ys, places, { x: [0, 99], y: [0, 49] });
  const distinct = new Set(places.filter((i) => i % 10 !== 0).map((i) => `${xs[i]} ${ys[i]}`));
  expect(shown.length).toBe(distinct.size);
  expect(new Set(Array.from(shown, (i) => `${xs[i]} ${ys[i]}`))).toEqual(distinct);
  expect(shown).toEqual(shown.toSorted());
});
