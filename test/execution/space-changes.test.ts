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
