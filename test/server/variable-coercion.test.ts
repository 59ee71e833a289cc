import fc from 'fast-check';
import { buildSchema, execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import { VariableCoercion } from '../../src/server/variable-coercion.ts';

const schema = buildSchema(/* GraphQL */ `
  scalar JSON
  enum Colour { RED GREEN }
  input Point { x: Int! y: Float = 0.5 }
  input One @oneOf { number: Int text: String }
  input Tree {
    name: String!
    ints: [Int!]
    gaps: [Int]
    floats: [Float]
    must: [Float!]! = [1, 2]
    lists: [[Int!]!]
    colour: Colour = GREEN
    points: [Point!]
    one: One
    any: JSON
    children: [Tree]
  }
  type Query { show(tree: Tree, numbers: [Float!], first: Int = 3, id: ID): JSON }
`);
schema.getQueryType()!.getFields().show!.resolve = (_, args) => args;

const document = parse(`query ($tree: Tree, $numbers: [Float!] = [0.5], $first: Int = 7, $id: ID!) {
  show(tree: $tree, numbers: $numbers, first: $first, id: $id) }`);
const coercion = new VariableCoercion(schema);

function compare(variableValues: Record<string, unknown>) {
  const args = { schema, document, variableValues };
  const coerced = coercion.coerced(args);
  expect(JSON.stringify(execute(coerced))).toBe(JSON.stringify(execute(args)));
  return coerced !== args;
}

// Mostly what fits, so that one wrong part at a time is seen.
const wrong = fc.oneof(
  fc.constantFrom(null, 'RED', true, Infinity, 2 ** 31, 0.5, -0, [], {}),
  fc.jsonValue(),
);
const mostly = <T>(right: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: right, weight: 40 }, { arbitrary: wrong, weight: 1 });
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const float = fc.double({ noNaN: true, noDefaultInfinity: true });
const list = <T>(item: fc.Arbitrary<T>) => mostly(fc.array(mostly(item), { maxLength: 4 }));
const { tree } = fc.letrec((tie) => ({
  tree: mostly(
    fc.record(
      {
        name: mostly(fc.string()),
        ints: list(int),
        gaps: list(fc.option(int)),
        floats: list(fc.option(float)),
        must: list(float),
        lists: list(list(int)),
        colour: mostly(fc.constantFrom('RED', 'GREEN')),
        points: list(fc.record({ x: int, y: mostly(float) }, { requiredKeys: ['x'] })),
        one: mostly(fc.oneof(fc.record({ number: int }), fc.record({ text: fc.string() }))),
        any: fc.jsonValue(),
        children: fc.oneof({ depthSize: 'small' }, fc.constant([]), list(tie('tree'))),
      },
      { requiredKeys: ['name'] },
    ),
  ),
}));
const variables = fc.record(
  { tree, numbers: list(float), first: mostly(int), id: mostly(fc.oneof(fc.string(), int)) },
  { requiredKeys: ['id'] },
);

test('any variables have the result that they have with graphql-js alone', () => {
  fc.assert(
    fc.property(variables, (values) => void compare(values)),
    { numRuns: 500 },
  );
});

test.each([
  { id: 'a' },
  { id: 3, first: null, numbers: null, tree: null },
  { id: 'a', numbers: [1, 2.5, -0], tree: { name: 'n', ints: [1], gaps: [null, 2], floats: [null, 1.5] } },
  { id: 'a', tree: { name: 'n', lists: [[1, 2], []], points: [{ x: 1 }], children: [null, { name: 'm' }] } },
])('the variables %j need no second look', (values) => {
  expect(compare(values)).toBe(true);
});

test.each([
  {},
  { id: null },
  { id: 'a', numbers: [null] },
  { id: 'a', numbers: 1 },
  { id: 'a', first: 0.5 },
  { id: 'a', tree: {} },
  { id: 'a', tree: { name: 'n', unknown: 1 } },
  { id: 'a', tree: { name: 'n', ints: [2 ** 31] } },
  { id: 'a', tree: { name: 'n', one: { number: 1 } } },
])('the variables %j are left to graphql-js', (values) => {
  expect(compare(values)).toBe(false);
});
