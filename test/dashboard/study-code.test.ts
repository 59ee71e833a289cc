import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema, Kind, parse, validate, valueFromASTUntyped } from 'graphql';
import { expect, test } from 'vitest';
import type { CreateStudyInput } from '../../src/client/index.ts';
import { graphqlCode, typescriptCode } from '../../src/dashboard/pages/studies/new-study/code.ts';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

const text = fc.string({ unit: 'binary', maxLength: 12 });
const scalar = fc.oneof(
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const parameter = fc.oneof(
  fc.record({
    type: fc.constant('float'),
    low: fc.double({ min: -1e9, max: 0, noNaN: true }),
    high: fc.double({ min: 1, max: 1e9, noNaN: true }),
  }),
  fc.record({ type: fc.constant('categorical'), choices: fc.array(scalar, { minLength: 1, maxLength: 4 }) }),
);
const inputs = (names: fc.Arbitrary<string>): fc.Arbitrary<CreateStudyInput> =>
  fc.record({
    name: text,
    description: text,
    objectives: fc.array(
      fc.record({ metric: text, direction: fc.constantFrom('MINIMIZE' as const, 'MAXIMIZE' as const) }),
      { minLength: 1, maxLength: 3 },
    ),
    constraints: fc.array(
      fc.record({
        metric: text,
        comparison: fc.constantFrom('LESS_OR_EQUAL' as const, 'GREATER_OR_EQUAL' as const),
        bound: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      }),
      { maxLength: 2 },
    ),
    searchSpace: fc.dictionary(names, parameter, { maxKeys: 5 }),
    tags: fc.array(text, { maxLength: 3 }),
    isolation: fc.constantFrom('THREAD' as const, 'PROCESS' as const),
    priority: fc.integer({ min: -1000, max: 1000 }),
    trialTimeoutSeconds: fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
    // Texts under names that are enums elsewhere.
    trainableOptions: fc.record({ direction: text, isolation: text }),
  });
const fieldName = fc.stringMatching(/^[_A-Za-z][_0-9A-Za-z]{0,11}$/).filter((name) => name !== '__proto__');
/** -0 has no text of its own. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('the mutation is valid and means the very input, whatever its texts and numbers', () => {
  fc.assert(
    fc.property(inputs(fieldName), (input) => {
      const document = parse(graphqlCode(input));
      expect(validate(schema, document)).toEqual([]);
      const [operation] = document.definitions;
      if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
      const [field] = operation.selectionSet.selections;
      if (field?.kind !== Kind.FIELD) throw new Error('no field');
      expect(plain(valueFromASTUntyped(field.arguments![0]!.value))).toEqual(plain(input));
    }),
  );
});

test('names that cannot be keys of a document make it take variables', () => {
  const input = { name: 'a', objectives: [], searchSpace: { 'learning-rate': { type: 'fixed', value: 1 } } };
  const code = graphqlCode(input);
  expect(validate(schema, parse(code.slice(0, code.indexOf('# Variables:'))))).toEqual([]);
  expect(JSON.parse(code.slice(code.indexOf('# Variables:\n') + 13))).toEqual({ input });
});

test('the program holds the very input', () => {
  fc.assert(
    fc.property(inputs(text.filter((name) => name !== '__proto__')), (input) => {
      const code = typescriptCode(input, 'http://127.0.0.1:4000');
      const written = code.slice(code.indexOf('create(') + 7, code.lastIndexOf(');\nawait'));
      expect(plain(new Function(`return ${written}`)())).toEqual(plain(input));
    }),
  );
});
