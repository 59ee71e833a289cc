import { describe, expect, test } from 'vitest';
import { families, type QualityProblem } from '../../bench/sampler-quality/problem.ts';
import { bbobFunctions } from '../../bench/sampler-quality/problems/bbob-functions.ts';
import {
  breakSymmetry,
  oscillate,
  rotation,
} from '../../bench/sampler-quality/problems/bbob-transformations.ts';
import { loadProblems } from '../../bench/sampler-quality/problems/catalogue.ts';
import { measureC2Front } from '../../bench/sampler-quality/problems/multi-objective.ts';
import { createRandom } from '../../src/core/random.ts';
import { axisOf } from '../../src/core/search-space/axis.ts';
import { completeParams } from '../../src/core/search-space/complete-params.ts';
import { parseSearchSpace } from '../../src/core/search-space/parse-search-space.ts';
import type { Params } from '../../src/core/search-space/space.ts';

const problems = await loadProblems(null);
const random = (problem: QualityProblem, seed: number): Params =>
  completeParams(parseSearchSpace(problem.searchSpace), {}, {}, createRandom(seed));

test('half of every family is held back, and of no function only a part', () => {
  for (const family of families.filter((name) => name !== 'tables')) {
    const members = problems.filter((problem) => problem.family === family);
    const held = members.filter(({ heldBack }) => heldBack).length;
    expect(Math.abs(2 * held - members.length)).toBeLessThanOrEqual(1);
  }
  expect(new Set(problems.map(({ name }) => name)).size).toBe(problems.length);
});

test.each(problems.map((problem) => [problem.name, problem] as const))(
  '%s gives finite values, the same for the same seed, and a regret that falls from about 1',
  (_, problem) => {
    for (const seed of [0, 1]) {
      const [instance, again] = [problem.instance(seed), problem.instance(seed)];
      const told = Array.from({ length: 60 }, (_, i) => instance.evaluate(random(problem, 100 * seed + i)));
      expect(again.evaluate(random(problem, 100 * seed))).toEqual(told[0]);
      for (const values of told) expect(Object.values(values).every(Number.isFinite)).toBe(true);
      let last = Number.POSITIVE_INFINITY;
      for (let trials = 10; trials <= told.length; trials += 10) {
        const regret = instance.regret(told.slice(0, trials));
        expect(regret).toBeGreaterThanOrEqual(0);
        expect(regret).toBeLessThanOrEqual(Math.min(last, 1));
        last = regret;
      }
    }
  },
);

describe.each(bbobFunctions)('the BBOB function $number, $name', ({ number, instance }) => {
  test.each([5, 10])('is 0 at its optimum in %i dimensions and above it elsewhere', (dimensions) => {
    const source = createRandom(7, number);
    const { optimum, evaluate } = instance(dimensions, source);
    const scale = evaluate(optimum.map(() => 10 * source.uniform() - 5));
    expect(Math.abs(evaluate(optimum))).toBeLessThan(1e-6 * scale);
    for (let i = 0; i < 200; i++) {
      // Near and far.
      const radius = 10 ** (-3 * source.uniform());
      expect(evaluate(optimum.map((value) => value + radius * source.normal()))).toBeGreaterThan(
        evaluate(optimum) - 1e-9,
      );
    }
  });
});

test('the least of a mixed-integer problem of few values is its optimum', () => {
  const problem = problems.find(({ name }) => name === 'f1-sphere-mixed-5d')!;
  const instance = problem.instance(3);
  const space = parseSearchSpace(problem.searchSpace);
  // The sphere is separable: every coordinate at its best, one after another.
  let best = random(problem, 1);
  for (const parameter of space.parameters) {
    const axis = axisOf(parameter);
    const cells = Number.isFinite(axis.cells) ? axis.cells : 20_000;
    const tried = Array.from({ length: cells }, (_, k) => ({
      ...best,
      [parameter.name]: axis.decode((k + 0.5) / cells),
    }));
    best = tried.reduce((a, b) => (instance.evaluate(b).loss! < instance.evaluate(a).loss! ? b : a));
  }
  expect(instance.regret([instance.evaluate(best)])).toBeLessThan(1e-6);
});

test('the transformations of BBOB keep zero and signs, and rotations keep lengths', () => {
  expect(oscillate(0)).toBe(0);
  // By hand from the definition: log(e) is 1.
  expect(oscillate(Math.E)).toBeCloseTo(Math.exp(1 + 0.049 * (Math.sin(10) + Math.sin(7.9))), 12);
  expect(oscillate(-Math.E)).toBeCloseTo(-Math.exp(1 + 0.049 * (Math.sin(5.5) + Math.sin(3.1))), 12);
  expect(breakSymmetry([4, -4, 4], 0.5)).toEqual([4, -4, 4 ** (1 + 0.5 * 2)]);
  const matrix = rotation(6, createRandom(1));
  matrix.forEach((a, i) => {
    matrix.forEach((b, j) => {
      expect(a.reduce((sum, value, d) => sum + value * b[d]!, 0)).toBeCloseTo(i === j ? 1 : 0, 12);
    });
  });
});

test.each(['zdt1', 'zdt2', 'zdt3', 'zdt4', 'zdt6'])('the front of %s has no regret', (name) => {
  const problem = problems.find((candidate) => candidate.name === name)!;
  const instance = problem.instance(0);
  const told = Array.from({ length: 2001 }, (_, i) =>
    instance.evaluate({
      ...Object.fromEntries(Object.keys(problem.searchSpace).map((x) => [x, 0])),
      x0: i / 2000,
    }),
  );
  expect(instance.regret(told)).toBeGreaterThan(-1e-6);
  expect(instance.regret(told)).toBeLessThan(1e-3);
});

test('the front of C2-DTLZ2 has about the hypervolume that is given for it', () => {
  const problem = problems.find(({ name }) => name === 'c2-dtlz2')!;
  const missing = 2.775 - measureC2Front(1000);
  expect(missing).toBeGreaterThan(0);
  expect(missing).toBeLessThan(0.05);
  const middle = { x0: 0.5, x1: 0.5, ...Object.fromEntries([2, 3, 4, 5, 6].map((i) => [`x${i}`, 0.5])) };
  expect(problem.instance(0).evaluate({ ...middle, x0: 0 }).c).toBeGreaterThan(0);
  expect(problem.instance(0).evaluate({ ...middle, x0: 0, x1: 0 }).c).toBeLessThan(0);
});
