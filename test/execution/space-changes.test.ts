import { describe, expect, test } from 'vitest';
import { parseSearchSpace } from '../../src/core/search-space/parse-search-space.ts';
import type { SearchSpaceInput } from '../../src/core/search-space/space.ts';
import { validateParams } from '../../src/core/search-space/validate-params.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { createTestEngine } from '../support/engine.ts';

const engine = await createTestEngine();
const { trialLife, studyLife } = engine;

const rate = { type: 'float', low: 0.01, high: 1, log: true } as const;
const optimizer = { type: 'categorical', choices: ['adam', 'sgd'] } as const;
const momentum = { type: 'float', low: 0, high: 0.9, when: { optimizer: 'sgd' } } as const;
const before: SearchSpaceInput = { rate, optimizer, momentum };

describe.each(['random', 'tpe'])('the sampler %s goes on in a space that has', (kind) => {
  test.each<[string, SearchSpaceInput]>([
    ['a wider range', { ...before, rate: { ...rate, high: 10 } }],
    ['a narrower range', { ...before, rate: { ...rate, high: 0.1 } }],
    ['one more choice', { ...before, optimizer: { ...optimizer, choices: ['adam', 'sgd', 'rmsprop'] } }],
    ['one choice less', { rate, optimizer: { ...optimizer, choices: ['adam'] } }],
    ['one more parameter', { ...before, layers: { type: 'int', low: 1, high: 3 } }],
    ['one parameter less', { rate }],
    [
      'a parameter of another type',
      { ...before, rate: { type: 'categorical', choices: [0.1, 'auto', null] } },
    ],
    [
      'a parameter under another condition',
      { ...before, momentum: { ...momentum, when: { optimizer: 'adam' } } },
    ],
  ])('%s', async (what, after) => {
    const study = await studyLife.create({
      name: `${kind}, ${what}`,
      objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
      searchSpace: before,
      sampler: { kind, seed: 1 },
    });
    const ask = (count: number) => trialLife.ask({ studyId: study.id, count, worker: null, leaseMs: 60_000 });
    const complete = (trials: readonly TrialRecord[]) =>
      trialLife.tellMany(
        trials.map(({ id, number }) => ({ trialId: id, state: 'COMPLETED', values: { loss: number } })),
      );
    await complete(await ask(20));
    // One that is still to run with what the old space allowed.
    await trialLife.enqueue(study.id, [{ rate: 0.5 }]);
    await studyLife.update(study.id, { searchSpace: after });

    const [queued, ...suggested] = await ask(20);
    expect(queued!.params.rate).toBe(0.5);
    const space = parseSearchSpace(after);
    for (const { params } of suggested) expect(validateParams(space, params)).toEqual(params);
    await complete([queued!, ...suggested]);
    expect(await ask(2)).toHaveLength(2);
  });
});

test('the first trial of a study has the defaults, and what has none is drawn', async () => {
  const study = await studyLife.create({
    name: 'defaults',
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: {
      rate: { ...rate, default: 0.1 },
      optimizer: { ...optimizer, default: 'sgd' },
      momentum: { ...momentum, default: 0.5 },
      layers: { type: 'int', low: 1, high: 3 },
    },
    sampler: { kind: 'tpe', seed: 1 },
  });
  const trials = await trialLife.ask({ studyId: study.id, count: 4, worker: null, leaseMs: 60_000 });
  expect(trials[0]!.params).toMatchObject({ rate: 0.1, optimizer: 'sgd', momentum: 0.5 });
  expect([1, 2, 3]).toContain(trials[0]!.params.layers);
  for (const { params } of trials.slice(1)) expect(params.rate).not.toBe(0.1);
});

test('trials from before a parameter with a default was added count as having had it, and are kept as they were', async () => {
  const study = await studyLife.create({
    name: 'added',
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { rate },
    sampler: { kind: 'tpe', seed: 1 },
  });
  const ask = { studyId: study.id, count: 1, worker: null, leaseMs: 60_000 };
  const [first] = await trialLife.ask(ask);
  await trialLife.tell({ trialId: first!.id, state: 'COMPLETED', values: { loss: 1 } });
  await studyLife.update(study.id, {
    searchSpace: {
      rate,
      optimizer: { ...optimizer, default: 'adam' },
      momentum: { ...momentum, default: 0.5 },
    },
  });
  const { view } = await engine.live.get(study.id);
  // Momentum exists only under the other optimizer.
  expect(view.observed[0]!.params).toEqual({ ...first!.params, optimizer: 'adam' });
  expect((await engine.trials.get(first!.id)).params).toEqual(first!.params);
});

test.each(['random', 'tpe'])(
  'every suggestion of the sampler %s keeps the constraints of the space',
  async (kind) => {
    const study = await studyLife.create({
      name: `${kind} under constraints`,
      objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
      searchSpace: {
        wide: { type: 'int', low: 1, high: 512, log: true },
        deep: { type: 'int', low: 1, high: 20 },
        share: { type: 'float', low: 0, high: 1 },
        $constraints: [{ sum: { wide: 1, deep: 30, share: 100 }, lte: 250 }],
      },
      sampler: { kind, seed: 1 },
    });
    for (let i = 0; i < 8; i++) {
      const trials = await trialLife.ask({ studyId: study.id, count: 5, worker: null, leaseMs: 60_000 });
      for (const { params } of trials) {
        const { wide, deep, share } = params as Record<string, number>;
        expect(wide! + 30 * deep! + 100 * share!).toBeLessThanOrEqual(250.000001);
      }
      // The best lie where the constraint stops.
      await trialLife.tellMany(
        trials.map(({ id, params }) => {
          const loss = -(params.wide as number) - 30 * (params.deep as number);
          return { trialId: id, state: 'COMPLETED', values: { loss } };
        }),
      );
    }
    await expect(trialLife.enqueue(study.id, [{ deep: 20 }])).rejects.toThrow(
      'params[0]: break the constraint wide + 30 deep + 100 share <= 250',
    );
  },
);

test('a warm start in another space takes over what fits, constraints included, and every trial keeps them', async () => {
  const study = await studyLife.create({
    name: 'source',
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { wide: { type: 'int', low: 1, high: 100 }, rate, optimizer, momentum },
    sampler: { kind: 'random', seed: 3 },
  });
  const trials = await trialLife.ask({ studyId: study.id, count: 20, worker: null, leaseMs: 60_000 });
  // The widest are the best, and break the constraint to come.
  await trialLife.tellMany(
    trials.map(({ id, params }) => ({
      trialId: id,
      state: 'COMPLETED',
      values: { loss: -(params.wide as number) },
    })),
  );
  const searchSpace = {
    wide: { type: 'int', low: 1, high: 100 },
    rate: { ...rate, high: 0.1 },
    optimizer: { ...optimizer, choices: ['adam'] },
    deep: { type: 'int', low: 1, high: 9, default: 5 },
    $constraints: [{ sum: { wide: 1, deep: 10 }, lte: 60 }],
  };
  const clone = await studyLife.clone(study.id, { name: 'clone', warmStart: true, searchSpace });
  const space = parseSearchSpace(searchSpace);
  const first = await trialLife.ask({ studyId: clone.id, count: 12, worker: null, leaseMs: 60_000 });
  for (const { params } of first) expect(validateParams(space, params)).toEqual(params);
  // Their widths do not fit with any depth, so it is those that give way.
  expect(first.slice(0, 8).some(({ params }) => (params.rate as number) <= 0.1)).toBe(true);
});
