import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brushed } from '../../src/dashboard/charts/data/brush.ts';
import { distribution } from '../../src/dashboard/charts/data/distribution.ts';
import { interpolate, planeCells } from '../../src/dashboard/charts/data/interpolate.ts';
import { jitter } from '../../src/dashboard/charts/data/jitter.ts';
import { lanesOf } from '../../src/dashboard/charts/data/lanes.ts';
import { parametersOf } from '../../src/dashboard/charts/data/parameters.ts';
import { rankShares, resultsOf, sampleOf } from '../../src/dashboard/charts/data/rank-shares.ts';
import { TrialTable } from '../../src/dashboard/charts/data/trial-table.ts';
import { featuresOf } from '../../src/dashboard/charts/map/features.ts';
import { readAnalysisSearch } from '../../src/dashboard/pages/study/analysis-search.ts';

const space = {
  rate: { type: 'float', low: 0.001, high: 1, log: true },
  kind: { type: 'categorical', choices: ['a', 'b'] },
  depth: { type: 'int', low: 1, high: 5, when: { kind: 'a' } },
};

interface Row {
  readonly rate: number;
  readonly kind: 'a' | 'b';
  readonly loss: number | null;
}

function tableOf(rows: readonly Row[]): TrialTable {
  const table = new TrialTable(parametersOf(space), (name) => (name === 'kind' ? space.kind.choices : []));
  const numbers = rows.map((_, number) => number);
  table.setResults({
    numbers,
    states: rows.map(() => 'COMPLETED'),
    values: { loss: rows.map(({ loss }) => loss) },
    feasible: rows.map(() => true),
  });
  table.setParams(numbers, {
    rate: rows.map(({ rate }) => rate),
    kind: rows.map(({ kind }) => kind),
    depth: rows.map(({ kind }, number) => (kind === 'a' ? 1 + (number % 5) : null)),
  });
  return table;
}

const anyRow: fc.Arbitrary<Row> = fc.record({
  rate: fc.double({ min: 0.001, max: 1, noNaN: true }),
  kind: fc.constantFrom('a', 'b'),
  loss: fc.option(fc.integer({ min: -5, max: 5 })),
});

test('shares rank results from the best to the worst, equal ones alike', () => {
  const table = tableOf([5, 1, null, 3, 3].map((loss) => ({ rate: 0.1, kind: 'a', loss })));
  expect(Array.from(rankShares(table, 'loss', 'MINIMIZE'))).toEqual([1, 0, Number.NaN, 0.5, 0.5]);
  expect(Array.from(rankShares(table, 'loss', 'MAXIMIZE'))).toEqual([0, 1, Number.NaN, 0.5, 0.5]);
  expect(resultsOf(table, 'loss')).toEqual([0, 1, 3, 4]);
  expect(resultsOf(table, 'absent')).toEqual([]);
});

test('a sample has the best half, others from everywhere, each once', () => {
  const rows = Array.from({ length: 5000 }, (_, i) => ({
    rate: 0.1,
    kind: 'a' as const,
    loss: (i * 7919) % 5000,
  }));
  const table = tableOf(rows);
  const shares = rankShares(table, 'loss', 'MINIMIZE');
  const all = resultsOf(table, 'loss');
  const sample = sampleOf(all, shares, 100);
  expect(sample).toHaveLength(100);
  expect(new Set(sample).size).toBe(100);
  expect(sample).toEqual(sample.toSorted((a, b) => a - b));
  const best = all.filter((number) => rows[number]!.loss < 50);
  expect(sample.filter((number) => best.includes(number))).toEqual(best);
  const rest = sample.filter((number) => !best.includes(number));
  expect(Math.min(...rest)).toBeLessThan(100);
  expect(Math.max(...rest)).toBeGreaterThan(4800);
  expect(sampleOf(all.slice(0, 10), shares, 100)).toEqual(all.slice(0, 10));
});

describe('a brush', () => {
  const columnOf = (table: TrialTable, axis: string) =>
    axis === 'loss' ? table.value(axis) : table.param(axis);

  test('keeps the trials that lie in a range of each axis that has any', () => {
    const anyRange = fc
      .tuple(
        fc.constantFrom('rate', 'depth', 'loss', 'kind'),
        fc.integer({ min: -5, max: 5 }),
        fc.nat({ max: 4 }),
      )
      .map(([axis, low, extent]) => ({ axis, low, high: low + extent }));
    fc.assert(
      fc.property(
        fc.array(anyRow, { maxLength: 50 }),
        fc.array(anyRange, { maxLength: 5 }),
        (rows, ranges) => {
          const table = tableOf(rows);
          const numbers = rows.map((_, number) => number);
          const kept = new Set(brushed(table, numbers, ranges, columnOf));
          for (const number of numbers) {
            const isInside = (axis: string) =>
              ranges.some((range) => {
                const value = columnOf(table, axis)[number]!;
                return range.axis === axis && value >= range.low && value <= range.high;
              });
            expect(kept.has(number)).toBe(ranges.every(({ axis }) => isInside(axis)));
          }
        },
      ),
    );
  });

  test('leaves out trials that do not have the parameter', () => {
    const table = tableOf([
      { rate: 0.1, kind: 'a', loss: 1 },
      { rate: 0.1, kind: 'b', loss: 1 },
    ]);
    const everywhere = { axis: 'depth', low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    expect(brushed(table, [0, 1], [everywhere], columnOf)).toEqual([0]);
    expect(brushed(table, [0, 1], [], columnOf)).toEqual([0, 1]);
  });

  test('is read from an address, and what makes no sense there is dropped', () => {
    const brush = [{ axis: 'rate', low: 0.1, high: 0.5 }, { axis: 'rate', low: 'x', high: 1 }, 7, null];
    expect(readAnalysisSearch({ brush, chart: 'nonsense', weights: [0.5, 'a', 1] })).toEqual({
      brush: [{ axis: 'rate', low: 0.1, high: 0.5 }],
      weights: [0.5, 1],
    });
  });
});

test('a distribution rises to one, at the values', () => {
  expect(distribution([3, 1, Number.NaN, 2, 2])).toEqual([
    [1, 0.25],
    [2, 0.5],
    [2, 0.75],
    [3, 1],
  ]);
  expect(distribution([])).toEqual([]);
  const many = distribution(Array.from({ length: 12_345 }, (_, i) => i));
  expect(many.length).toBeLessThanOrEqual(1001);
  expect(many.at(-1)).toEqual([12_344, 1]);
});

test('lanes hold trials that do not overlap, and are no more than ran at a time', () => {
  const anySpan = fc
    .tuple(fc.nat({ max: 100 }), fc.integer({ min: 1, max: 30 }))
    .map(([start, length]) => ({ start, end: start + length }));
  fc.assert(
    fc.property(fc.array(anySpan, { maxLength: 60 }), (spans) => {
      const lanes = lanesOf(spans);
      for (const [i, a] of spans.entries()) {
        for (const [j, b] of spans.entries()) {
          if (i < j && lanes[i] === lanes[j]) expect(a.end <= b.start || b.end <= a.start).toBe(true);
        }
      }
      const most = Math.max(
        0,
        ...spans.map(({ start }) => spans.filter((o) => o.start <= start && start < o.end).length),
      );
      expect(Math.max(-1, ...lanes) + 1).toBe(most);
    }),
  );
});

test('a plane has near each point its value, and never more or less than all', () => {
  const plane = interpolate([0.1, 0.9], [0.1, 0.9], [0, 1]);
  const at = (x: number, y: number) =>
    plane[Math.floor(y * planeCells) * planeCells + Math.floor(x * planeCells)]!;
  expect(at(0.1, 0.1)).toBeLessThan(0.05);
  expect(at(0.9, 0.9)).toBeGreaterThan(0.95);
  expect(at(0.9, 0.1)).toBeCloseTo(0.5, 1);
  expect(plane.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(interpolate([], [], []).every(Number.isNaN)).toBe(true);
});

test('features lie from 0 to 1, and say whether a conditional parameter is there', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 30 }), (rows) => {
      const table = tableOf(rows);
      const numbers = rows.map((_, number) => number);
      const { rows: features, width } = featuresOf(table, parametersOf(space), numbers);
      const isConditional = rows.some(({ kind }) => kind === 'b');
      expect(width).toBe(isConditional ? 5 : 4);
      expect(features.length).toBe(rows.length * width);
      expect(features.every((feature) => feature >= -1e-6 && feature <= 1 + 1e-6)).toBe(true);
    }),
  );
});

test('marks of one choice stay beside it, each at its own place', () => {
  const places = Array.from({ length: 1000 }, (_, trial) => jitter(trial));
  expect(places.every((place) => Math.abs(place) <= 0.3)).toBe(true);
  expect(new Set(places).size).toBe(1000);
});
