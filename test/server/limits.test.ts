import fc from 'fast-check';
import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { CallerError } from '../../src/core/errors.ts';
import { checkOperation } from '../../src/server/operation-limits.ts';
import { createExample } from './example-schema.ts';
import { eventually, type Operation, post, start, transports, webSocketClient } from './harness.ts';

const { schema } = createExample();
const limits = { tokens: 4000, depth: 20, aliases: 100, directives: 50, rootFields: 50, cost: 50_000 };

const repeat = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const nested = (depth: number, field: string, leaf: string) =>
  `${`${field} { `.repeat(depth)}${leaf}${' }'.repeat(depth)}`;

/** Each doubles what the one before it asks for. */
function fragmentBomb(count: number, selection: (next: string) => string): string {
  const fragments = repeat(count, (i) => `fragment F${i} on Item { ${selection(`...F${i + 1}`)} }`);
  return `query { item { ...F0 } } ${fragments} fragment F${count} on Item { id }`;
}

const attacks: [what: string, limit: string, operation: Operation][] = [
  ['tokens', 'tokens', { query: `{ ${'hello '.repeat(5000)} }` }],
  ['depth', 'depth', { query: `{ ${nested(25, 'item', 'id')} }` }],
  ['depth through fragments', 'depth', { query: fragmentBomb(30, (next) => `item { ${next} }`) }],
  ['aliases', 'aliases', { query: `{ item { ${repeat(101, (i) => `a${i}: id`)} } }` }],
  [
    'aliases in fragments',
    'aliases',
    { query: `{ item { ...A item { ...A } } } fragment A on Item { ${repeat(60, (i) => `a${i}: id`)} }` },
  ],
  [
    'directives',
    'directives',
    { query: `{ ${repeat(51, () => '... @include(if: true) { item { id } }')} }` },
  ],
  ['root fields', 'rootFields', { query: `{ ${'hello '.repeat(51)} }` }],
  ['cost by nested lists', 'cost', { query: `{ ${nested(5, 'list', 'id')} }` }],
  [
    'cost by nested pages',
    'cost',
    { query: '{ page(first: 200) { edges { node { page(first: 200) { edges { node { id name } } } } } } }' },
  ],
  [
    'cost through a variable',
    'cost',
    {
      query: 'query ($n: Int = 1) { page(first: $n) { edges { node { id } } } }',
      variables: { n: 1_000_000_000 },
    },
  ],
  [
    "cost through a variable's default",
    'cost',
    { query: 'query ($n: Int = 60000) { page(first: $n) { total } }' },
  ],
  [
    'cost through a list of ids',
    'cost',
    {
      query: 'query ($ids: [Int!]!) { byIds(ids: $ids) { id } }',
      variables: { ids: Array.from({ length: 60_000 }, () => 1) },
    },
  ],
  [
    'fragments that double the fields',
    'cost',
    { query: fragmentBomb(100, (next) => `${next} ...on Item { ${next} }`) },
  ],
  ['fragments that double lists', 'cost', { query: fragmentBomb(15, (next) => `list { ${next} }`) }],
  [
    'introspection over and over',
    'cost',
    {
      query: `{ __schema { types { ${repeat(40, (i) => `f${i}: fields { args { type { fields { name args { name } } } } }`)} } } }`,
    },
  ],
];

describe.each(transports)('over $name', ({ run }) => {
  test.each(attacks)(
    'too much of %s is refused quickly, by the limit "%s"',
    async (_what, limit, operation) => {
      const server = await start();
      const startedAt = performance.now();
      const [result] = await run(server, operation);
      expect(performance.now() - startedAt).toBeLessThan(1500);
      expect(result?.data).toBeUndefined();
      expect(result?.errors).toHaveLength(1);
      expect(result?.errors?.[0]).toMatchObject({
        message: expect.stringContaining(`raise limits.${limit}`),
        extensions: { code: 'TOO_LARGE', limit, allowed: expect.any(Number) },
      });
      expect(await run(server, { query: '{ hello }' })).toEqual([{ data: { hello: 'Hello world' } }]);
    },
  );

  test.each([
    [
      'a circle of fragments',
      '{ item { ...A } } fragment A on Item { item { ...B } } fragment B on Item { ...A }',
    ],
    ['a fragment that spreads itself', '{ item { ...A } } fragment A on Item { ...A }'],
    ['deep introspection', `{ __schema { types { ${nested(8, 'fields { type', 'name } ')} } } }`],
  ])('%s does not pass validation', async (_what, query) => {
    const [result] = await run(await start(), { query });
    expect(result?.errors?.[0]?.extensions.code).toMatch(/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/);
  });

  test('subscriptions are measured as well', async () => {
    const query = `subscription { ${repeat(101, (i) => `a${i}: ticks(events: 1) { number }`)} }`;
    const [result] = await run(await start(), { query });
    expect(result?.errors?.[0]?.extensions.code).toMatch(/TOO_LARGE|VALIDATION/);
  });

  test("a client's introspection passes", async () => {
    const query = getIntrospectionQuery({
      schemaDescription: true,
      directiveIsRepeatable: true,
      specifiedByUrl: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    const [result] = await run(await start(), { query });
    expect(result?.errors).toBeUndefined();
    expect(result?.data).toHaveProperty('__schema');
  });
});

describe('over HTTP and SSE', () => {
  test.each(['/graphql', '/graphql/stream'])('a body above the limit is refused at %s', async (path) => {
    const server = await start({ limits: { bodyBytes: 2000 } });
    const send = (bytes: number) =>
      fetch(server.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ query: '{ hello }', variables: { padding: 'x'.repeat(bytes) } }),
      });
    const refused = await send(2000);
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'TOO_LARGE', limit: 'bodyBytes', allowed: 2000 } }],
    });
    expect((await send(100)).status).toBe(200);
  });

  test('a batch above the limit is refused, and one operation in it is measured by itself', async () => {
    const server = await start({ limits: { batch: 3 } });
    const hello = { query: '{ hello }' };
    const { status, body } = await post(server, Array(4).fill(hello));
    expect(status).toBe(413);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'TOO_LARGE', limit: 'batch', allowed: 3 });
    const mixed = await post(server, [hello, { query: `{ ${nested(25, 'item', 'id')} }` }]);
    expect(mixed.body).toMatchObject([{ data: {} }, { errors: [{ extensions: { limit: 'depth' } }] }]);
  });
});

describe('over WebSocket', () => {
  test('a message above the limit closes the connection with 1009', async () => {
    const server = await start({ limits: { messageBytes: 2000 } });
    const send = (bytes: number) =>
      webSocketClient(server)
        .iterate({ query: '{ hello }', variables: { padding: 'x'.repeat(bytes) } })
        .next();
    await expect(send(2000)).rejects.toMatchObject({ code: 1009 });
    expect((await send(100)).value).toHaveProperty('data');
  });

  test('one operation above the limit of a socket is refused, the others go on, and ended ones make room', async () => {
    const server = await start({ limits: { subscriptionsPerSocket: 3 } });
    const client = webSocketClient(server);
    const query = 'subscription { silence { number } }';
    const noted: unknown[] = [];
    const sink = { next() {}, complete() {}, error: (error: unknown) => noted.push(error) };
    const leave = [1, 2, 3].map(() => client.subscribe({ query }, sink));
    await eventually(() => server.example.open === 3);
    client.subscribe({ query }, sink);
    await eventually(() => noted.length === 1);
    expect(noted[0]).toMatchObject([
      { extensions: { code: 'TOO_LARGE', limit: 'subscriptionsPerSocket', allowed: 3 } },
    ]);
    expect(server.example.open).toBe(3);
    leave[0]!();
    await eventually(() => server.example.open === 2);
    client.subscribe({ query }, sink);
    await eventually(() => server.example.open === 3);
  });

  test('who does not introduce himself is sent away', async () => {
    const server = await start();
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const code = await new Promise((resolve) => socket.on('close', resolve));
    expect(code).toBe(4408);
  });
});

describe('the cost of an operation', () => {
  /** The least limit that lets it pass. */
  function costOf(query: string, variables: Record<string, unknown> = {}): number {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    let [low, high] = [1, 1_000_000];
    while (low < high) {
      const cost = Math.floor((low + high) / 2);
      try {
        checkOperation({ schema, document, variables }, { ...limits, cost });
        high = cost;
      } catch {
        low = cost + 1;
      }
    }
    return low;
  }

  test.each([
    ['{ hello }', {}, 1],
    ['{ item { id name } }', {}, 3],
    ['{ list { id name } }', {}, 1 + 10 * 2],
    ['{ best { id } }', {}, 1 + 5],
    ['{ best(count: 3) { list { id } } }', {}, 1 + 3 * (1 + 10)],
    ['{ byIds(ids: [1, 2, 3]) { id } }', {}, 1 + 3],
    ['query ($ids: [Int!]!) { byIds(ids: $ids) { id } }', { ids: [1, 2] }, 1 + 2],
    // The page's `first` counts its edges, which do not count once more.
    ['{ page(first: 20) { total edges { node { id } } } }', {}, 1 + 20 * (1 + 1 + 1 + 1)],
    ['{ page { total } }', {}, 1 + 50],
    ['query ($n: Int) { page(first: $n) { total } }', { n: 7 }, 1 + 7],
    ['query ($n: Int = 9) { page(first: $n) { total } }', {}, 1 + 9],
    ['{ page(first: -5) { total } }', {}, 1 + 1],
    ['{ item { ...A ...A } } fragment A on Item { id name }', {}, 1 + 2 * (1 + 2)],
    ['{ item { ... on Item { id } } }', {}, 2],
  ])('%s with %j is its fields, those in lists once an item', (query, variables, cost) => {
    expect(costOf(query, variables)).toBe(cost);
  });

  test('is the fields of the largest answer, whatever is nested in what', () => {
    const wide = buildSchema(
      'type Query { node: Node! } type Node { id: Int! node: Node! list(first: Int!): [Node!]! }',
    );
    type Tree = { first: number | null; children: readonly Tree[] };
    const { tree } = fc.letrec<{ tree: Tree; trees: readonly Tree[] }>((tie) => ({
      tree: fc.record({ first: fc.option(fc.integer({ min: 1, max: 4 })), children: tie('trees') }),
      trees: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })),
    }));
    const print = ({ first, children }: Tree, index: number): string => {
      const inner = `{ id ${children.map(print).join(' ')} }`;
      return first === null ? `n${index}: node ${inner}` : `l${index}: list(first: ${first}) ${inner}`;
    };
    const fields = ({ first, children }: Tree): number =>
      1 + (first ?? 1) * (1 + children.reduce((sum, child) => sum + fields(child), 0));
    fc.assert(
      fc.property(tree, (root) => {
        const document = parse(`{ node { ${print(root, 0)} } }`);
        const cost = 1 + fields(root);
        const all = { ...limits, aliases: 1e6, depth: 1e6 };
        checkOperation({ schema: wide, document }, { ...all, cost });
        expect(() => checkOperation({ schema: wide, document }, { ...all, cost: cost - 1 })).toThrow(
          CallerError,
        );
      }),
    );
  });
});
