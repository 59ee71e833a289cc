import { expect, expectTypeOf, test } from 'vitest';
import {
  type Client,
  categorical,
  fixed,
  float,
  int,
  type Params,
  type ParamsOf,
  space,
} from '../../src/client/index.ts';
import { parseSearchSpace } from '../../src/core/search-space/parse-search-space.ts';

const searchSpace = space(
  {
    learningRate: float(1e-5, 1e-1, { log: true, default: 1e-3, prior: { mean: 1e-3, sd: 0.2 } }),
    layers: int(1, 4),
    units: int(8, 64, { step: 8 }),
    optimizer: categorical(['sgd', 'adam', null], { prior: { weights: [1, 3, 1] }, default: 'adam' }),
    momentum: float(0, 0.99, { when: { optimizer: 'sgd' } }),
    nesterov: categorical([true, false], { when: { optimizer: 'sgd', momentum: { gt: 0.5 } } }),
    seed: fixed(42),
  },
  { constraints: [{ sum: { layers: 10, units: 1 }, lte: 70 }] },
);

test('a space is built as it is sent, and the server accepts it', () => {
  const sent: unknown = JSON.parse(JSON.stringify(searchSpace));
  expect(sent).toEqual({
    learningRate: {
      type: 'float',
      low: 1e-5,
      high: 1e-1,
      log: true,
      default: 1e-3,
      prior: { mean: 1e-3, sd: 0.2 },
    },
    layers: { type: 'int', low: 1, high: 4 },
    units: { type: 'int', low: 8, high: 64, step: 8 },
    optimizer: {
      type: 'categorical',
      choices: ['sgd', 'adam', null],
      prior: { weights: [1, 3, 1] },
      default: 'adam',
    },
    momentum: { type: 'float', low: 0, high: 0.99, when: { optimizer: 'sgd' } },
    nesterov: {
      type: 'categorical',
      choices: [true, false],
      when: { optimizer: 'sgd', momentum: { gt: 0.5 } },
    },
    seed: { type: 'fixed', value: 42 },
    $constraints: [{ sum: { layers: 10, units: 1 }, lte: 70 }],
  });
  expect(parseSearchSpace(sent).parameters).toHaveLength(7);
});

test('the params have the types of the parameters', () => {
  expectTypeOf<ParamsOf<typeof searchSpace>>().toEqualTypeOf<{
    readonly learningRate: number;
    readonly layers: number;
    readonly units: number;
    readonly optimizer: 'sgd' | 'adam' | null;
    readonly momentum: number | undefined;
    readonly nesterov: boolean | undefined;
    readonly seed: 42;
  }>();
});

test('a study that is created with a space types its trials; one with plain JSON has any params', () => {
  const withClient = async (client: Client): Promise<void> => {
    const study = await client.studies.create({ name: 'typed', objectives: [], searchSpace });
    await study.optimize(async (trial) => {
      expectTypeOf(trial.params.learningRate).toEqualTypeOf<number>();
      expectTypeOf(trial.params.momentum).toEqualTypeOf<number | undefined>();
      expectTypeOf(trial.params.optimizer).toEqualTypeOf<'sgd' | 'adam' | null>();
      // @ts-expect-error there is no such parameter
      trial.params.rate;
    });
    expectTypeOf((await study.ask())[0]!.params.nesterov).toEqualTypeOf<boolean | undefined>();
    await study.enqueue([{ layers: 2, optimizer: 'sgd' }]);
    // @ts-expect-error no such choice
    await study.enqueue([{ optimizer: 'rms' }]);

    const plain = { rate: { type: 'float', low: 0, high: 1 } };
    const untyped = await client.studies.create({ name: 'plain', objectives: [], searchSpace: plain });
    expectTypeOf((await untyped.ask())[0]!.params).toEqualTypeOf<Params>();
  };
  expectTypeOf(withClient).parameters.toEqualTypeOf<[Client]>();
});

test('faults that can be seen in the types are', () => {
  const rate = float(0, 1);
  // @ts-expect-error a condition on a parameter that is not there
  space({ rate, momentum: float(0, 1, { when: { optimiser: 'sgd' } }) });
  // @ts-expect-error a constraint on a parameter that is not there
  space({ rate }, { constraints: [{ sum: { rates: 1 }, lte: 1 }] });
  // @ts-expect-error an option that is not there
  float(0, 1, { lgo: true });
  // @ts-expect-error a default that is no choice
  categorical(['a', 'b'], { default: 'c' });
  expect(space({ rate })).toEqual({ rate: { type: 'float', low: 0, high: 1 } });
});
