import { createClient, type ExecutionResult } from 'graphql-ws';
import pino from 'pino';
import { afterAll, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { loadConfig } from '../../src/config.ts';
import type { Engine } from '../../src/execution/engine.ts';
import { createGraphqlContext } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { startServer } from '../../src/server/server.ts';
import { createTestEngine } from '../support/engine.ts';

export interface Fault {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly faults?: readonly { readonly path: string; readonly message: string }[];
  };
}

export interface Reply {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly Fault[];
}

export type Variables = Record<string, unknown>;

/** The real server over a database of its own. */
export interface GraphqlServer {
  readonly engine: Engine;
  /** Over HTTP. */
  post(query: string, variables?: Variables): Promise<Reply>;
  /** The same with a body as it stands. */
  postText(body: string): Promise<Reply>;
  /** What an operation gives that must not fail. */
  data<T = Record<string, unknown>>(query: string, variables?: Variables): Promise<T>;
  /** Over a WebSocket of its own. */
  subscribe<T = Record<string, unknown>>(query: string, variables?: Variables): Subscription<T>;
  /** Every row of every table: what a refused operation must leave as it was. */
  everything(): Promise<Record<string, unknown[]>>;
}

export interface Subscription<T> {
  /** The data of the next message; rejects with the errors of one that has some. */
  next(): Promise<T>;
  /** Reads messages until `isLast` holds of one; all of them. */
  until(isLast: (data: T) => boolean): Promise<T[]>;
  /** Whether it has ended, without another message. */
  isDone(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Starts it for the tests of the caller. */
export async function startGraphql(): Promise<GraphqlServer> {
  const engine = await createTestEngine();
  const { pool } = engine.database;
  const server = await startServer({
    config: { ...(await loadConfig({ cwd: import.meta.dirname, env: {} })), port: 0 },
    schema,
    createContext: ({ viewer }) => createGraphqlContext(viewer, engine),
    logger: pino({ level: 'error' }),
    checkDatabase: () => pool.query('SELECT 1'),
  });
  afterAll(() => server.close());

  const postText = async (body: string): Promise<Reply> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    return (await response.json()) as Reply;
  };
  const post = (query: string, variables: Variables = {}) => postText(JSON.stringify({ query, variables }));
  return {
    engine,
    post,
    postText,
    async data<T>(query: string, variables?: Variables) {
      const { data, errors } = await post(query, variables);
      if (errors !== undefined) throw new Error(JSON.stringify(errors, null, 2));
      return data as T;
    },
    subscribe: (query, variables = {}) => subscribe(`${server.url}/graphql`, query, variables),
    async everything() {
      const { rows: tables } = await pool.query<{ name: string }>(
        `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
      );
      const contents = await Promise.all(
        tables.map(({ name }) => pool.query(`SELECT t::text FROM ${name} AS t ORDER BY 1`)),
      );
      return Object.fromEntries(tables.map(({ name }, i) => [name, contents[i]!.rows]));
    },
  };
}

function subscribe<T>(url: string, query: string, variables: Variables): Subscription<T> {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const messages = client.iterate({ query, variables });
  onTestFinished(async () => {
    await messages.return?.();
    await client.dispose();
  });
  const next = async (): Promise<T> => {
    const { done, value } = await messages.next();
    if (done) throw new Error('The subscription has ended');
    const { data, errors } = value as ExecutionResult;
    if (errors !== undefined) throw errors;
    return data as T;
  };
  return {
    next,
    async until(isLast) {
      const seen = [await next()];
      while (!isLast(seen.at(-1)!)) seen.push(await next());
      return seen;
    },
    isDone: async () => (await messages.next()).done === true,
    async stop() {
      await messages.return?.();
    },
  };
}
