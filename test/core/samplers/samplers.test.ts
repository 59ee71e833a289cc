import { expect, test } from 'vitest';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { parseStudyProblem, type StudyProblemInput } from '../../../src/core/parse-problem.ts';
import { createRandom } from '../../../src/core/random.ts';
import { createSampler } from '../../../src/core/samplers/create-sampler.ts';
import type { Params } from '../../../src/core/search-space/space.ts';
import { runStudy } from './run-study.ts';

const network: StudyProblemInput = {
  searchSpace: {
    rate: { type: 'float', low: 1e-5, high: 1, log: true },
    width: { type: 'int', low: 8, high: 512, log: true },
    optimizer: { type: 'categorical', choices: ['sgd', 'adam', 'rmsprop'] },
    momentum: { type: 'float', low: 0, high: 0.99, when: { optimizer: 'sgd' } },
    dropout: { type: 'float', low: 0, high: 0.8, step: 0.1 },
  },
  objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
};

/** Least, 0, at sgd, momentum 0.9, rate 0.01, width 128, dropout 0.3. */
function networkLoss(params: Params): number {
  const rate = Math.log10(params.rate as number) + 2;
  const width = Math.log2(params.width as number) - 7;
  const optimizer = params.optimizer === 'sgd' ? ((params.momentum as number) - 0.9) ** 2 : 0.5;
  return rate ** 2 + 0.2 * width ** 2 + optimizer + ((params.dropout as number) - 0.3) ** 2;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const seeds = Array.from({ length: 10 }, (_, seed) => seed);

test('TPE clearly beats random after 100 trials on a conditional space of all kinds of parameters', () => {
  const problem = parseStudyProblem(network);
  const best = (kind: string) =>
    mean(
      seeds.map((seed) => {
        const view = runStudy(problem, { kind }, seed, 100, (params) => ({ loss: networkLoss(params) }));
        return Math.min(...view.observed.map((trial) => trial.values!.loss!));
      }),
    );
  expect(best('tpe')).toBeLessThan(0.3 * best('random'));
});

test('TPE learns to keep a constraint', () => {
  const problem = parseStudyProblem({
    ...network,
    constraints: [{ metric: 'bytes', comparison: 'LESS_OR_EQUAL', bound: 40 }],
  });
  const feasibleShare = (kind: string) =>
    mean(
      seeds.map((seed) => {
        const view = runStudy(problem, { kind }, seed, 100, (params) => ({
          loss: networkLoss(params),
          bytes: params.width as number,
        }));
        return view.observed.slice(50).filter((trial) => trial.feasible).length / 50;
      }),
    );
  // The least loss lies beyond the bound, so some trials still step over it.
  expect(feasibleShare('tpe')).toBeGreaterThan(1.25 * feasibleShare('random'));
});

test('TPE covers more of the front than random on two objectives', () => {
  const problem = parseStudyProblem({
    searchSpace: Object.fromEntries(
      Array.from({ length: 6 }, (_, i) => [`x${i}`, { type: 'float', low: 0, high: 1 }]),
    ),
    objectives: [
      { metric: 'f1', direction: 'MINIMIZE' },
      { metric: 'f2', direction: 'MINIMIZE' },
    ],
  });
  // ZDT1 (Zitzler, Deb and Thiele 2000).
  const evaluate = (params: Params) => {
    const [f1, ...rest] = Object.values(params) as number[];
    const g = 1 + 9 * mean(rest);
    return { f1: f1!, f2: g * (1 - Math.sqrt(f1! / g)) };
  };
  const closest = (kind: string) =>
    mean(
      seeds.slice(0, 5).map((seed) => {
        const view = runStudy(problem, { kind }, seed, 120, evaluate);
        expect(view.results.hypervolume()).toBeGreaterThan(0);
        return mean(view.observed.slice(-40).map(({ values }) => values!.f2! + Math.sqrt(values!.f1!)));
      }),
    );
  expect(closest('tpe')).toBeLessThan(0.7 * closest('random'));
});

test('concurrent suggestions keep apart', () => {
  const problem = parseStudyProblem({
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    objectives: [{ metric: 'y', direction: 'MINIMIZE' }],
  });
  const spread = (areTold: boolean) =>
    mean(
      seeds.map((seed) => {
        const view = runStudy(problem, { kind: 'tpe' }, seed, 30, ({ x }) => ({
          y: ((x as number) - 0.3) ** 2,
        }));
        const sampler = createSampler({ kind: 'tpe' }, problem);
        const chosen: number[] = [];
        for (let number = 30; number < 36; number++) {
          const params = sampler.suggest(view, number, createRandom(seed, number));
          chosen.push(params.x as number);
          if (areTold) view.apply({ number, state: 'RUNNING', params, values: null, feasible: null });
        }
        chosen.sort((a, b) => a - b);
        return chosen.at(-1)! - chosen[0]!;
      }),
    );
  expect(spread(true)).toBeGreaterThan(1.3 * spread(false));
});

test('a setting that was tried is not suggested again while there are others nearby', () => {
  const problem = parseStudyProblem({
    searchSpace: { a: { type: 'int', low: 1, high: 6 }, b: { type: 'int', low: 1, high: 6 } },
    objectives: [{ metric: 'y', direction: 'MINIMIZE' }],
  });
  const view = runStudy(problem, { kind: 'tpe' }, 3, 30, ({ a, b }) => ({
    y: (a as number) + (b as number),
  }));
  const distinct = new Set(view.observed.map((trial) => JSON.stringify(trial.params)));
  // The first ten are drawn blindly.
  expect(distinct.size).toBeGreaterThanOrEqual(26);
});

test('TPE learns from pruned trials through the last value they reported', () => {
  const problem = parseStudyProblem({
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    objectives: [{ metric: 'y', direction: 'MAXIMIZE' }],
  });
  const view = new LiveStudyView(problem);
  for (let number = 0; number < 40; number++) {
    const x = number / 39;
    view.appendCurve(number, 'y', [0, 1], [0.5, -Math.abs(x - 0.8)]);
    view.apply({ number, state: 'PRUNED', params: { x }, values: null, feasible: null });
  }
  const sampler = createSampler({ kind: 'tpe' }, problem);
  const suggested = seeds.map((seed) => sampler.suggest(view, 40, createRandom(seed)).x as number);
  expect(mean(suggested.map((x) => Math.abs(x - 0.8)))).toBeLessThan(0.12);
});
