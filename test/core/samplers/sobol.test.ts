import { describe, expect, test } from 'vitest';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { createRandom } from '../../../src/core/random.ts';
import { createSampler } from '../../../src/core/samplers/create-sampler.ts';
import {
  scrambledSobol,
  sobolBits,
  sobolDimensions,
} from '../../../src/core/samplers/sobol/sobol-sequence.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import { problemOf } from './run-study.ts';

test('points agree with those of SciPy, which counts in the order of Gray codes', () => {
  // scipy.stats.qmc.Sobol(d=101, scramble=False, bits=32).random(64)[37] * 2^32
  const first = [
    3959422976, 2751463424, 2483027968, 3959422976, 3288334336, 1275068416, 738197504, 3422552064, 2617245696,
  ];
  const last = [4093640704, 738197504, 1543503872];
  const index = 37 ^ (37 >> 1);
  expect(first.map((_, dimension) => sobolBits(index, dimension))).toEqual(first);
  expect(last.map((_, i) => sobolBits(index, sobolDimensions - 3 + i))).toEqual(last);
  expect(sobolDimensions).toBe(101);
});

describe('scrambled points', () => {
  test('lie one in each interval of every dimension, as many as there are, for any seed', () => {
    for (const seed of [0, 1, 2 ** 31 - 1]) {
      for (let dimension = 0; dimension < sobolDimensions; dimension++) {
        const cells = Array.from({ length: 128 }, (_, index) =>
          Math.floor(128 * scrambledSobol(index, dimension, seed)),
        );
        expect(new Set(cells).size).toBe(128);
      }
    }
  });

  test('lie one in each box of the first two dimensions, however it is cut', () => {
    for (const cuts of [0, 1, 2, 3, 4, 5, 6]) {
      const [columns, rows] = [2 ** cuts, 2 ** (6 - cuts)];
      const boxes = Array.from({ length: 64 }, (_, index) => {
        const column = Math.floor(columns * scrambledSobol(index, 0, 5));
        return column * rows + Math.floor(rows * scrambledSobol(index, 1, 5));
      });
      expect(new Set(boxes).size).toBe(64);
    }
  });

  test('are uniform one by one: over seeds, point 3 falls everywhere', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 10_000; seed++) tenths[Math.floor(10 * scrambledSobol(3, 4, seed))]!++;
    // 1,000 each, with a standard deviation of 30.
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test('differ between seeds and between dimensions', () => {
    expect(scrambledSobol(0, 0, 1)).not.toBe(scrambledSobol(0, 0, 2));
    expect(scrambledSobol(0, 0, 1)).not.toBe(scrambledSobol(0, 1, 1));
  });
});

test('the sampler gives each trial its own point, whatever has happened before', () => {
  const space = parseSearchSpace({
    x: { type: 'float', low: 0, high: 1 },
    kind: { type: 'categorical', choices: ['a', 'b', 'c', 'd'] },
    n: { type: 'int', low: 1, high: 16, when: { kind: 'a' } },
  });
  const view = new LiveStudyView(problemOf(space));
  const suggest = (number: number) =>
    createSampler({ kind: 'sobol', seed: 9 }, view.problem).suggest(view, number, createRandom(number));
  const before = Array.from({ length: 16 }, (_, number) => suggest(number));
  view.apply({ number: 0, state: 'FAILED', params: { x: 0.5, kind: 'b' }, values: null, feasible: null });
  expect(Array.from({ length: 16 }, (_, number) => suggest(number))).toEqual(before);
  for (const kind of ['a', 'b', 'c', 'd']) {
    expect(before.filter((params) => params.kind === kind)).toHaveLength(4);
  }
});

test('parameters beyond the dimensions of the sequence are left to the prior', () => {
  const space = parseSearchSpace(
    Object.fromEntries(Array.from({ length: 110 }, (_, i) => [`x${i}`, { type: 'float', low: 0, high: 1 }])),
  );
  const view = new LiveStudyView(problemOf(space));
  const suggestion = createSampler({ kind: 'sobol' }, view.problem).suggest(view, 0, createRandom(0));
  expect(Object.keys(suggestion)).toHaveLength(sobolDimensions);
});
