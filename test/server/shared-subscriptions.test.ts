import { buildSchema, type ExecutionArgs, type GraphQLObjectType } from 'graphql';
import { expect, test } from 'vitest';
import type { Delivery } from '../../src/events/delivery.ts';
import { FollowedLog } from '../../src/events/followed-log.ts';
import type { Viewer } from '../../src/graphql/context.ts';
import { KnownDocuments } from '../../src/server/known-documents.ts';
import { Operations } from '../../src/server/operations.ts';
import { PulledDelivery } from '../support/pulled-delivery.ts';

const limits = {
  depth: 10,
  aliases: 10,
  cost: 1000,
  tokens: 1000,
  rootFields: 10,
  directives: 10,
};

/** Operations over a log of numbers, with a count of how often a number was resolved. */
function createNumbers() {
  const schema = buildSchema(`
    type Query { end: Int }
    type Subscription { numbers(after: Int): Number }
    type Number { value(times: Int): Int  viewer: String }
  `);
  const numbers = { resolved: 0, end: 0, write: () => {} };
  const wakes = new Set<() => void>();
  numbers.write = () => {
    numbers.end++;
    for (const wake of wakes) wake();
  };
  const source = {
    watch(wake: () => void) {
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
    read: async ([after]: readonly number[]) =>
      after! < numbers.end ? { position: [after! + 1], value: after! + 1 } : null,
    isDone: () => false,
  };
  const fieldsOf = (type: string) => (schema.getType(type) as GraphQLObjectType).getFields();
  const root = fieldsOf('Subscription').numbers!;
  root.subscribe = (_, { after }: { after?: number }) =>
    new FollowedLog(source, { position: [after ?? numbers.end], value: null }, [numbers.end]);
  root.resolve = (number) => number;
  fieldsOf('Number').value!.resolve = (number, { times }: { times?: number }) => {
    numbers.resolved++;
    return (number as number) * (times ?? 1);
  };
  fieldsOf('Number').viewer!.resolve = (_, __, { viewer }: { viewer: Viewer }) => viewer.name;
  const operations = new Operations({
    schema,
    limits,
    createContext: (base) => base,
    formatError: (error) => ({ message: String(error) }),
    documents: new KnownDocuments(),
  });
  return { numbers, operations };
}

const admin = { name: 'admin', role: 'ADMIN' };
const query =
  'subscription ($after: Int, $times: Int) { numbers(after: $after) { value(times: $times) viewer } }';

async function subscribe(operations: Operations, variables: Record<string, unknown>, viewer: Viewer = admin) {
  const prepared = operations.prepare({ query, variables }, viewer) as ExecutionArgs;
  const results = new PulledDelivery((await operations.subscribe(prepared)) as Delivery);
  return async () => {
    const json = await results.next();
    return (JSON.parse(json!) as { data: { numbers: object } }).data.numbers;
  };
}

test('equal subscriptions of equal viewers are executed once, wherever each of them began', async () => {
  const { numbers, operations } = createNumbers();
  numbers.write();
  const resuming = await subscribe(operations, { after: 0 });
  const others = await Promise.all(Array.from({ length: 20 }, () => subscribe(operations, { after: null })));
  expect(await resuming()).toEqual({ value: 1, viewer: 'admin' });
  expect(numbers.resolved).toBe(1);
  for (let value = 2; value < 6; value++) {
    const next = [resuming, ...others].map((read) => read());
    numbers.write();
    for (const result of await Promise.all(next)) expect(result).toEqual({ value, viewer: 'admin' });
    expect(numbers.resolved).toBe(value);
  }
});

test('other viewers and other variables are executed for themselves', async () => {
  const { numbers, operations } = createNumbers();
  const reads = [
    await subscribe(operations, {}),
    await subscribe(operations, {}, { name: 'guest', role: 'VIEWER' }),
    await subscribe(operations, { times: 2 }),
  ];
  const next = reads.map((read) => read());
  numbers.write();
  expect(await Promise.all(next)).toEqual([
    { value: 1, viewer: 'admin' },
    { value: 1, viewer: 'guest' },
    { value: 2, viewer: 'admin' },
  ]);
  expect(numbers.resolved).toBe(3);
});
