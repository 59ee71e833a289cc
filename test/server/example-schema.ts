import {
  buildSchema,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { CallerError } from '../../src/core/errors.ts';
import type { OperationContext } from '../../src/server/operations.ts';

/** A small schema with what transports can get wrong, and counts of what its subscriptions do. */
export interface Example {
  readonly schema: GraphQLSchema;
  /** Events that subscriptions were asked for. */
  pulled: number;
  /** Subscriptions that have started and not ended. */
  open: number;
  /** Ends what `wait` waits for. */
  release(): void;
}

const definitions = /* GraphQL */ `
  scalar JSON
  type Query {
    hello(name: String = "world"): String!
    viewer: String!
    fail(how: String!): String
    wait: String
    text(bytes: Int!): String!
    item: Item!
    list: [Item!]!
    byIds(ids: [Int!]!): [Item!]!
    page(first: Int = 50): Page!
    best(count: Int = 5): [Item!]!
  }
  type Item { id: Int!  name: String!  item: Item!  list: [Item!]!  page(first: Int = 50): Page! }
  type Page { edges: [Edge!]!  total: Int! }
  type Edge { node: Item! }
  type Mutation { sum(values: [Float!]!): Float!  keep(value: JSON): Boolean! }
  type Subscription {
    "Events as fast as they are taken, each with a text of so many bytes."
    ticks(events: Int!, bytes: Int = 1): Tick!
    "One event, and then the source or a resolver fails."
    failing(how: String!): Tick!
    "No event ever."
    silence: Tick!
  }
  type Tick { number: Int!  text: String!  fail: String }
`;

type Resolver = (args: never, context: OperationContext) => unknown;

export function createExample(): Example {
  const schema = buildSchema(definitions);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const example: Example = { schema, pulled: 0, open: 0, release: () => release() };

  const item: Record<string, unknown> = { id: 1, name: 'one', list: [] };
  item.item = item;
  item.page = { edges: [], total: 0 };
  resolveWith('Query', {
    hello: ({ name }: { name: string }) => `Hello ${name}`,
    viewer: (_args, { viewer }) => `${viewer.name} ${viewer.role}`,
    fail: ({ how }: { how: string }) => fail(how),
    wait: () => released.then(() => 'waited'),
    text: ({ bytes }: { bytes: number }) => 'x'.repeat(bytes),
    item: () => item,
    list: () => [item],
    byIds: ({ ids }: { ids: number[] }) => ids.map(() => item),
    page: () => item.page,
    best: () => [item],
  });
  resolveWith('Mutation', {
    sum: ({ values }: { values: number[] }) => values.reduce((sum, value) => sum + value, 0),
    keep: () => true,
  });
  resolveWith('Tick', { fail: () => fail('unexpected') });
  subscribeWith({
    async *ticks({ events, bytes }: { events: number; bytes: number }) {
      for (let number = 0; number < events; number++) {
        example.pulled += 1;
        yield { ticks: { number, text: 'x'.repeat(bytes) } };
      }
    },
    async *failing({ how }: { how: string }) {
      yield { failing: { number: 0, text: '' } };
      fail(how);
    },
    silence: () => silence(),
  });
  return example;

  function resolveWith(type: string, resolvers: Record<string, Resolver>): void {
    for (const [name, resolver] of Object.entries(resolvers)) {
      fieldOf(type, name).resolve = (_source, args, context) => resolver(args as never, context);
    }
  }

  function subscribeWith(sources: Record<string, (args: never) => AsyncIterable<unknown>>): void {
    for (const [name, source] of Object.entries(sources)) {
      fieldOf('Subscription', name).subscribe = (_root, args) => counted(source(args as never));
    }
  }

  function fieldOf(type: string, name: string): GraphQLField<unknown, OperationContext> {
    return (schema.getType(type) as GraphQLObjectType).getFields()[name]!;
  }

  function counted(source: AsyncIterable<unknown>): AsyncIterableIterator<unknown> {
    const events = source[Symbol.asyncIterator]();
    let isOpen = true;
    example.open += 1;
    const close = () => {
      if (isOpen) example.open -= 1;
      isOpen = false;
    };
    return {
      async next() {
        const step = await events.next().catch((error: unknown) => {
          close();
          throw error;
        });
        if (step.done) close();
        return step;
      },
      async return() {
        close();
        return (await events.return?.()) ?? { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}

function fail(how: string): never {
  switch (how) {
    case 'caller':
      throw new CallerError('CONFLICT', 'The attempt is stale; ask again.', { attempt: 2 });
    case 'graphql':
      throw new GraphQLError('Seen by clients', { extensions: { code: 'CHOSEN' } });
    default:
      throw new Error('secret: the password is hunter2');
  }
}

/** Like the server's followers, it ends at once when it is told to. */
function silence(): AsyncIterableIterator<unknown> {
  let end = () => {};
  const ended = new Promise<IteratorResult<unknown>>((resolve) => {
    end = () => resolve({ done: true, value: undefined });
  });
  return {
    next: () => ended,
    async return() {
      end();
      return ended;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
