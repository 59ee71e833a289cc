import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { SearchSpaceInput } from '../../src/core/search-space/space.ts';
import { builtinTrainables } from '../../src/trainables/registry.ts';
import { runFixture } from './run-fixture.ts';

const trainables = [...builtinTrainables().values()];
const [dense] = trainables;

async function faultsOf(check: () => void | Promise<void>): Promise<string[]> {
  try {
    await check();
  } catch (error) {
    if (error instanceof InputError) return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('the built-in trainables', () => {
  it('can be listed, checked and planned for without loading TensorFlow.js', async () => {
    expect((await runFixture('list-trainables')).trim().split('\n')).toEqual([
      'dense 50 true',
      'cnn 50 true',
      'lstm 50 true',
      'model-family 50 true',
      'autoencoder 50 true',
      'gan 60 true',
      'transfer 50 true',
      'tsne 20 true',
      'without tfjs',
    ]);
  });

  it.each(trainables.map((trainable) => [trainable.name, trainable] as const))(
    '%s takes its own search space',
    async (_, trainable) => {
      expect(await faultsOf(() => trainable.checkSpace(trainable.space))).toEqual([]);
    },
  );
});

describe('the options of a template', () => {
  it.each<[JsonObject, string[]]>([
    [{}, []],
    [{ epochs: 0.5, trainExamples: 1000 }, []],
    [{ epochs: 0 }, ['trainableOptions.epochs: must be above 0']],
    [{ epochs: 'two' }, ['trainableOptions.epochs: must be a number']],
    [
      { dataset: 'imagenet' },
      [expect.stringMatching(/^trainableOptions\.dataset: "imagenet" is not there\. .*mnist/)],
    ],
    [{ epoch: 3 }, ['trainableOptions.epoch: there is no such setting; remove it.']],
    [
      { stepExamples: 1.5, validationSample: -1 },
      [
        'trainableOptions.stepExamples: must be a whole number',
        'trainableOptions.validationSample: must be 1 or more',
      ],
    ],
    [
      { trainExamples: 55_000 },
      [
        'trainableOptions.trainExamples: needs 65000 examples, those for training and validation together, but mnist has 60000; lower one of them.',
      ],
    ],
  ])('%j', async (options, faults) => {
    const check = async (): Promise<void> => {
      await dense!.prepare(options);
      dense!.checkOptions(options);
    };
    expect(await faultsOf(check)).toEqual(faults);
  });
});

describe('a search space for a trainable', () => {
  it.each<[SearchSpaceInput, RegExp[]]>([
    [{ learningRate: { type: 'float', low: 1e-4, high: 1, log: true } }, []],
    [
      { width: { type: 'int', low: 1, high: 2 } },
      [/^searchSpace\.width: the trainable 'dense' has no such parameter.*units1/],
    ],
    [{ ['toString' as string]: { type: 'int', low: 1, high: 2 } }, [/^searchSpace\.toString: /]],
    [
      { layers: { type: 'int', low: 0, high: 9 } },
      [/^searchSpace\.layers\.low: must be 1/, /^searchSpace\.layers\.high: must be at most 3/],
    ],
    [{ layers: { type: 'float', low: 1.5, high: 3 } }, [/^searchSpace\.layers\.low: must be a whole number/]],
    [
      { optimizer: { type: 'categorical', choices: ['adam', 'lion'] } },
      [/^searchSpace\.optimizer\.choices\.1: must be adam, rmsprop or sgd/],
    ],
    [
      { batchSize: { type: 'categorical', choices: [32, null] } },
      [/^searchSpace\.batchSize\.choices\.1: must be a whole number/],
    ],
  ])('%j', async (space, faults) => {
    const found = await faultsOf(() => dense!.checkSpace(space));
    expect(found).toHaveLength(faults.length);
    for (const [index, fault] of faults.entries()) expect(found[index]).toMatch(fault);
  });
});
