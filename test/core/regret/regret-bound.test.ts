import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { createRandom } from '../../../src/core/random.ts';
import { regretBound } from '../../../src/core/regret/regret-bound.ts';
import { RegretWatch } from '../../../src/core/regret/regret-watch.ts';
import { createSampler } from '../../../src/core/samplers/create-sampler.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import type { Params, SearchSpaceInput } from '../../../src/core/search-space/space.ts';
import { type StudyProgress, stopReason } from '../../../src/core/stop-reason.ts';
import type { Direction, StudyProblem } from '../../../src/core/study.ts';

const square = {
  x: { type: 'float', low: 0, high: 1 },
  y: { type: 'float', low: 0, high: 1 },
} as const satisfies SearchSpaceInput;

function problemOf(space: SearchSpaceInput, direction: Direction = 'MINIMIZE'): StudyProblem {
  const objectives = [{ metric: 'loss', direction }];
  return { space: parseSearchSpace(space), objectives, constraints: [] };
}

/** Runs trials until `goOn` says otherwise. */
function run(
  problem: StudyProblem,
  { sampler = 'random', seed = 1 }: { readonly sampler?: string; readonly seed?: number },
  lossOf: (params: Params, number: number) => number,
  goOn: (view: LiveStudyView) => boolean,
): LiveStudyView {
  const view = new LiveStudyView(problem);
  const chosen = createSampler({ kind: sampler, seed }, problem);
  for (let number = 0; goOn(view); number++) {
    const random = createRandom(seed, number);
    const params = completeParams(problem.space, chosen.suggest(view, number, random), {}, random);
    const values = { loss: lossOf(params, number) };
    view.apply({ number, state: 'COMPLETED', params, values, feasible: null });
  }
  return view;
}

const trials = (count: number) => (view: LiveStudyView) => view.observed.length < count;
const bowl = ({ x, y }: Params): number => ((x as number) - 0.3) ** 2 + ((y as number) - 0.7) ** 2;

describe('the regret bound', () => {
  test('is no less than 0, the same for equal studies, and turns with the objective', () => {
    const property = fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 2, max: 25 }),
      (seed, count) => {
        const loss = (params: Params): number => bowl(params) + 0.1 * createRandom(seed, 9).normal();
        const view = run(problemOf(square), { seed }, loss, trials(count));
        const bound = regretBound(view, seed)!;
        expect(bound).toBeGreaterThanOrEqual(0);
        expect(regretBound(run(problemOf(square), { seed }, loss, trials(count)), seed)).toBe(bound);
        const turned = run(problemOf(square, 'MAXIMIZE'), { seed }, (p) => -loss(p), trials(count));
        expect(regretBound(turned, seed)).toBe(bound);
        // 1024 is a power of two: not a bit of the fractions changes.
        const scaled = run(problemOf(square), { seed }, (p) => 1024 * loss(p), trials(count));
        expect(regretBound(scaled, seed)).toBe(1024 * bound);
      },
    );
    fc.assert(property, { numRuns: 15 });
  });

  test('is at least the true regret, and falls as trials tell more', () => {
    const bounds = [20, 40, 160].map((count) => {
      const view = run(problemOf(square), { seed: 3 }, bowl, trials(count));
      const bound = regretBound(view, 3)!;
      expect(bound).toBeGreaterThan(view.results.front[0]!.losses[0]!);
      return bound;
    });
    expect(bounds[2]).toBeLessThan(bounds[0]! / 5);
  });

  test('stays large where there is nothing to learn', () => {
    const noise = (_: Params, number: number): number => createRandom(5, number).uniform();
    const view = run(problemOf(square), {}, noise, trials(60));
    expect(regretBound(view, 1)).toBeGreaterThan(0.02);
  });

  test('is not known without results that differ, and without a parameter', () => {
    expect(regretBound(new LiveStudyView(problemOf(square)), 1)).toBeNull();
    expect(
      regretBound(
        run(problemOf(square), {}, () => 4, trials(30)),
        1,
      ),
    ).toBeNull();
    const constant = problemOf({ x: { type: 'fixed', value: 1 } });
    expect(
      regretBound(
        run(constant, {}, (_, number) => number, trials(30)),
        1,
      ),
    ).toBeNull();
    const infinite = run(
      problemOf(square),
      {},
      (_, n) => (n % 2 ? Number.POSITIVE_INFINITY : Number.NaN),
      trials(30),
    );
    expect(regretBound(infinite, 1)).toBeNull();
  });

  test('looks seldom, and not before enough results', () => {
    const watch = new RegretWatch(1);
    const seen = new Set<number | null>();
    run(problemOf(square), {}, bowl, (view) => {
      const bound = watch.bound(view, 20);
      if (view.observed.length < 25) expect(bound).toBeNull();
      else seen.add(bound);
      return view.observed.length < 100;
    });
    // After the first at 20: 25, 30, 35, 40, 45, 50, 55, 61, 68, 75, 83, 92; the larger of two may be the same twice.
    expect(seen.size).toBeGreaterThan(5);
    expect(seen.size).toBeLessThanOrEqual(12);
  });
});

// Look-up tables of all settings, as of a recorded tuning problem: the least loss is known.
const rates = Array.from({ length: 24 }, (_, i) => i);
const tables: readonly [string, SearchSpaceInput, (params: Params) => number][] = [
  [
    'a learning rate, layers and dropout',
    {
      rate: { type: 'int', low: 0, high: 23 },
      layers: { type: 'int', low: 1, high: 6 },
      dropout: { type: 'int', low: 0, high: 9 },
    },
    ({ rate, layers, dropout }) => {
      const best = 14 - (layers as number);
      return (
        0.1 +
        0.004 * ((rate as number) - best) ** 2 +
        0.02 * ((layers as number) - 4) ** 2 +
        0.01 * ((dropout as number) - (layers as number)) ** 2
      );
    },
  ],
  [
    'an optimizer with a momentum of its own, and a batch size',
    {
      optimizer: { type: 'categorical', choices: ['adam', 'sgd'] },
      momentum: { type: 'int', low: 0, high: 19, when: { optimizer: 'sgd' } },
      rate: { type: 'int', low: 0, high: 23 },
      batch: { type: 'categorical', choices: [32, 64, 128, 256], ordered: true },
    },
    ({ optimizer, momentum, rate, batch }) => {
      const isAdam = optimizer === 'adam';
      const off = (rate as number) - (isAdam ? 9 : 16);
      const slow = isAdam ? 0.05 : 0.002 * ((momentum as number) - 17) ** 2;
      return 0.2 + 0.003 * off ** 2 + slow + 0.02 * Math.abs(Math.log2((batch as number) / 64));
    },
  ],
];

describe('a study that stops at a regret bound', () => {
  test.each(tables)('of %s ends early, and little is left to gain', (_, space, lossOf) => {
    const all = everySetting(space)
      .map(lossOf)
      .sort((a, b) => a - b);
    const [least, median] = [all[0]!, all[all.length >> 1]!];
    const threshold = 0.1 * (median - least);
    for (let seed = 1; seed <= 5; seed++) {
      const problem = problemOf(space);
      const watch = new RegretWatch(seed);
      let reason: string | null = null;
      const view = run(problem, { sampler: 'tpe', seed }, lossOf, (view) => {
        const count = view.observed.length;
        const progress: StudyProgress = {
          ...{
            trialLimit: 300,
            trialCount: count,
            unfinished: 0,
            held: 0,
            settingsLeft: 1e9,
            elapsedMs: 0,
            deviceMs: 0,
          },
          regretBound: (startupTrials) => watch.bound(view, startupTrials),
        };
        reason = stopReason({ regretBound: { threshold, startupTrials: 20 } }, view, progress);
        return reason === null;
      });
      expect(reason).toMatch(
        /^Little is left to gain: no setting should improve loss of trial \d+ by more than [\d.e-]+ \(asked for: /,
      );
      const regret = view.results.front[0]!.losses[0]! - least;
      expect(view.observed.length).toBeLessThan(100);
      expect(regret).toBeLessThanOrEqual(threshold);
    }
  });

  test('may take its threshold from what the best trial reports of its own error', () => {
    const problem = {
      ...problemOf(square),
      constraints: [{ metric: 'error', comparison: 'GREATER_OR_EQUAL' as const, bound: 0 }],
    };
    const view = new LiveStudyView(problem);
    view.apply({
      number: 0,
      state: 'COMPLETED',
      params: { x: 0, y: 0 },
      values: { loss: 1, error: 0.02 },
      feasible: true,
    });
    const progress = {
      trialLimit: 9,
      trialCount: 1,
      unfinished: 0,
      held: 0,
      settingsLeft: 9,
      elapsedMs: 0,
      deviceMs: 0,
    };
    const rules = { regretBound: { errorMetric: 'error', startupTrials: 1 } };
    expect(stopReason(rules, view, { ...progress, regretBound: () => 0.03 })).toBeNull();
    expect(stopReason(rules, view, { ...progress, regretBound: () => 0.01234 })).toBe(
      'Little is left to gain: no setting should improve loss of trial 0 by more than 0.0123 ' +
        '(its statistical error, error, is 0.02).',
    );
  });
});

function everySetting(space: SearchSpaceInput): Params[] {
  return Object.entries(space).reduce<Params[]>(
    (settings, [name, parameter]) => {
      const values =
        parameter.type === 'categorical'
          ? parameter.choices
          : rates.slice((parameter as { low: number }).low, (parameter as { high: number }).high + 1);
      return settings.flatMap((setting) => {
        const isThere = !parameter.when || setting.optimizer === 'sgd';
        return isThere ? values.map((value) => ({ ...setting, [name]: value })) : [setting];
      });
    },
    [{}],
  );
}
