import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema, type GraphQLInputObjectType } from 'graphql';
import { expect, test } from 'vitest';
import type { Trainable } from '../../src/client/index.ts';
import { InputError, type InputFault } from '../../src/core/errors.ts';
import { childPath } from '../../src/core/field-reader.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { createScalarisation } from '../../src/core/pareto/scalarisation/create-scalarisation.ts';
import { createPruner } from '../../src/core/pruners/create-pruner.ts';
import { defaultRetries, parseRetries } from '../../src/core/retries.ts';
import { createSampler } from '../../src/core/samplers/create-sampler.ts';
import { parseSearchSpace } from '../../src/core/search-space/parse-search-space.ts';
import type { Objective } from '../../src/core/study.ts';
import {
  emptyDraft,
  inputOf,
  type StudyDraft,
  withTrainable,
} from '../../src/dashboard/pages/studies/new-study/draft.ts';
import { fieldPath, isWithin } from '../../src/dashboard/pages/studies/new-study/faults.ts';
import { numberFault, numberText } from '../../src/dashboard/pages/studies/new-study/number-text.ts';
import type { OptionKind } from '../../src/dashboard/pages/studies/new-study/option.ts';
import { prunerKinds } from '../../src/dashboard/pages/studies/new-study/pruner-kinds.ts';
import { retryOptions } from '../../src/dashboard/pages/studies/new-study/retry-options.ts';
import { samplerKinds } from '../../src/dashboard/pages/studies/new-study/sampler-kinds.ts';
import { scalarisationOfKind } from '../../src/dashboard/pages/studies/new-study/scalarisation.ts';
import { trainableOptions } from '../../src/dashboard/pages/studies/new-study/trainable-options.ts';
import { builtinTrainables } from '../../src/trainables/registry.ts';

const objectives: Objective[] = [
  { metric: 'loss', direction: 'MINIMIZE' },
  { metric: 'score', direction: 'MAXIMIZE' },
];
const space = parseSearchSpace({ units: { type: 'int', low: 1, high: 9 } });
const unknown = 'zzzzzzzzzzzzzzzz';

/** The readers of the server, each with the kinds that the form offers of it. */
const readers: Readonly<
  Record<string, { kinds: readonly OptionKind[]; read(settings: JsonObject): unknown }>
> = {
  sampler: {
    kinds: samplerKinds,
    read: (settings) => createSampler(settings, { space, objectives, constraints: [] }),
  },
  pruner: {
    kinds: prunerKinds,
    read: (settings) => createPruner(settings, { space, objectives, constraints: [] }),
  },
};

function faultsOf(read: () => unknown): readonly InputFault[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.faults;
    throw error;
  }
}

/** What the server names as known in the fault at a path. */
function knownAt(path: string, faults: readonly InputFault[]): string[] {
  const { message } = faults.find((fault) => fault.path === path)!;
  const [, list] = /(?:Known:|must be one of) ([\w, ]+?)(?:\.|, not)/.exec(message)!;
  return list!.split(', ').sort();
}

test('every option of createStudy can be reached from the form', () => {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const type = schema.getType('CreateStudyInput') as GraphQLInputObjectType;
  const full: StudyDraft = {
    ...emptyDraft,
    name: 'all of it',
    project: 'p',
    description: 'd',
    tags: ['t'],
    trainable: 'dense',
    trainableOptions: { epochs: 1 },
    objectives,
    constraints: [{ metric: 'loss', comparison: 'LESS_OR_EQUAL', bound: 1 }],
    pruner: { kind: 'median' },
    scalarisation: { kind: 'linear', weights: {} },
    maxConcurrentTrials: 2,
    priority: 3,
    trialTimeoutSeconds: 60,
    retries: { lost: 1 },
    isolation: 'PROCESS',
  };
  expect(Object.keys(inputOf(full)).sort()).toEqual(Object.keys(type.getFields()).sort());
});

test.each(Object.entries(readers))(
  'every kind of %s that the server knows, and no other, is offered',
  (path, { kinds, read }) => {
    const known = knownAt(
      `${path}.kind`,
      faultsOf(() => read({ kind: unknown })),
    );
    expect(kinds.map(({ name }) => name).sort()).toEqual(known);
  },
);

const offered = Object.entries(readers).flatMap(([path, { kinds, read }]) =>
  kinds.map((kind) => ({ path, kind, read, name: `${path} ${kind.name}` })),
);

test.each(offered)('each option of the $name has a field', ({ path, kind, read }) => {
  const known = knownAt(
    `${path}.${unknown}`,
    faultsOf(() => read({ kind: kind.name, [unknown]: 1 })),
  );
  const fields = ['kind', ...(path === 'sampler' ? ['seed'] : []), ...kind.options.map(({ name }) => name)];
  expect(fields.sort()).toEqual(known);
});

const numbers = fc.oneof(
  fc.constantFrom(-1, 0, 0.5, 1, 1.5, 2, 100, 101, 1e5, 1e5 + 1),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }),
);

test.each([
  ...offered,
  {
    path: 'retries',
    kind: retryOptions,
    read: (settings: JsonObject) => parseRetries(settings),
    name: 'retries',
  },
])('the fields of the $name take the very numbers that the server takes', ({ path, kind, read }) => {
  for (const option of kind.options.filter((candidate) => candidate.kind === 'number')) {
    fc.assert(
      fc.property(numbers, (value) => {
        const settings = { ...(path !== 'retries' && { kind: kind.name }), [option.name]: value };
        const isRefused = faultsOf(() => read(settings)).some(
          (fault) => fault.path === `${path}.${option.name}`,
        );
        expect([option.name, value, numberFault(String(value), option) !== null]).toEqual([
          option.name,
          value,
          isRefused,
        ]);
      }),
    );
  }
});

test('the placeholders of retries are the server’s own values', () => {
  expect(Object.fromEntries(retryOptions.options.map(({ name, usual }) => [name, Number(usual)]))).toEqual(
    defaultRetries,
  );
});

test.each(['linear', 'tchebycheff'])('a %s scalarisation weighs the objectives as they are now', (kind) => {
  const draft = { ...emptyDraft, objectives, scalarisation: scalarisationOfKind(kind, objectives) };
  expect(inputOf(draft).scalarisation).toEqual({ kind, weights: { loss: 1, score: 1 } });
  const renamed = {
    ...draft,
    objectives: [objectives[0]!, { ...objectives[1]!, metric: 'auc' }],
    scalarisation: { kind, weights: { loss: 2, score: 3 } },
  };
  expect(inputOf(renamed).scalarisation).toEqual({ kind, weights: { loss: 2, auc: 1 } });
  createScalarisation(inputOf(renamed).scalarisation, renamed.objectives as Objective[]);
  expect(inputOf({ ...draft, objectives: [objectives[0]!] }).scalarisation).toBeUndefined();
});

test('an epsilon constraint bounds the other objectives, and none that is gone', () => {
  const scalarisation = {
    kind: 'epsilonConstraint',
    objective: 'gone',
    bounds: { score: 0.9, loss: 1, old: 2 },
  };
  const { scalarisation: fitting } = inputOf({ ...emptyDraft, objectives, scalarisation });
  expect(fitting).toEqual({ kind: 'epsilonConstraint', objective: 'loss', bounds: { score: 0.9 } });
  createScalarisation(fitting, objectives);
});

test('a target follows its objective when that is renamed', () => {
  const stopRules = { target: { metric: 'old', value: 0.1 } };
  expect(inputOf({ ...emptyDraft, objectives, stopRules }).stopRules).toEqual({
    target: { metric: 'loss', value: 0.1 },
  });
});

test('isolation is left out where the trials run elsewhere, and empty fields are', () => {
  const input = inputOf({ ...emptyDraft, isolation: 'THREAD' });
  expect(Object.keys(input)).toEqual(['name', 'objectives', 'searchSpace', 'sampler', 'stopRules']);
});

test('a number’s text is that number, and short', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(numberText(value)) + 0).toBe(value + 0);
      expect(numberFault(numberText(value), {})).toBeNull();
    }),
  );
  expect([1e-7, 0.01, 1000000, 12].map(numberText)).toEqual(['1e-7', '0.01', '1000000', '12']);
});

test.each(['abc', '1e', '1,5', 'NaN', 'Infinity'])('%s is no number', (text) => {
  expect(numberFault(text, {})).toMatch('must be a number');
});

test('a fault belongs to its field and those around it alone', () => {
  expect(isWithin('retries.lost', 'retries')).toBe(true);
  expect(isWithin('objectives[0].metric', 'objectives')).toBe(true);
  expect(isWithin('retriesOfOthers', 'retries')).toBe(false);
});

test('a field’s path is the one that the server tells, whatever its name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), (name) => {
      expect(fieldPath('searchSpace', name)).toBe(childPath('searchSpace', name));
    }),
  );
});

test.each([...builtinTrainables().values()])(
  'every option of $name has a field with its help',
  (trainable) => {
    const schema = trainable.optionsSchema() as { properties: object };
    const { options } = trainableOptions(trainable.name, schema as never);
    expect(['dataset', ...options.map(({ name }) => name)]).toEqual(Object.keys(schema.properties));
    for (const option of options) {
      expect(option.help, option.name).toMatch(/\.$/);
      if (option.kind === 'number') expect(numberFault(option.usual ?? '', option)).toBeNull();
    }
  },
);

test('an option that is no number, text, choice or flag has no field', () => {
  const schema = {
    properties: {
      layers: { type: 'array' },
      verbose: { type: 'boolean', default: true },
      rule: { enum: ['sum', 'mean'], default: 'sum' },
      level: { enum: [1, 2] },
    },
  };
  expect(trainableOptions('own', schema).options).toEqual([
    { name: 'verbose', label: 'verbose', kind: 'flag', usual: 'true' },
    { name: 'rule', label: 'rule', kind: 'choice', choices: ['sum', 'mean'], usual: 'sum' },
  ]);
  expect(trainableOptions('any', null).options).toEqual([]);
});

test('another trainable keeps the options that it has too', () => {
  const trainables = builtinTrainables();
  const chosen = (name: string) => {
    const { description, space: searchSpace, metrics, optionsSchema } = trainables.get(name)!;
    return {
      name,
      description,
      searchSpace,
      metrics,
      optionsSchema: optionsSchema(),
    } as unknown as Trainable;
  };
  const draft = { ...emptyDraft, trainableOptions: { dataset: 'iris', epochs: 3, patience: 2 } };
  expect(withTrainable(draft, chosen('dense')).trainableOptions).toEqual(draft.trainableOptions);
  expect(withTrainable(draft, chosen('tsne')).trainableOptions).toEqual({ dataset: 'iris', patience: 2 });
});
