import { Writable } from 'node:stream';
import { createClient as createSseClient } from 'graphql-sse';
import { type Client, createClient, type ExecutionResult } from 'graphql-ws';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { loadConfig } from '../../src/config.ts';
import { type RunningServer, type ServerConfig, startServer } from '../../src/server/server.ts';
import { createExample, type Example } from './example-schema.ts';

export const token = 'correct-horse-battery';

export interface TestServer extends RunningServer {
  readonly example: Example;
  /** What the server logged, one JSON object a line. */
  readonly log: string[];
}

type Overrides = Partial<Omit<ServerConfig, 'limits'>> & { limits?: Partial<ServerConfig['limits']> };

/** A server of the example schema on a free port, with the default settings save `overrides`; closed after the test. */
export async function start(overrides: Overrides = {}, checkDatabase = async () => {}): Promise<TestServer> {
  const defaults = await loadConfig({ cwd: import.meta.dirname, env: {} });
  const limits = { ...defaults.limits, ...overrides.limits };
  const config = { ...defaults, port: 0, shutdownSeconds: 2, ...overrides, limits };
  const example = createExample();
  const log: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk));
      done();
    },
  });
  const server = await startServer({
    config,
    schema: example.schema,
    createContext: (base) => base,
    logger: pino({ level: 'debug' }, sink),
    checkDatabase,
  });
  onTestFinished(() => server.close());
  return { ...server, example, log };
}

export interface Reply {
  readonly status: number;
  readonly body: { data?: Record<string, unknown> | null; errors?: ErrorReply[] };
}

export interface ErrorReply {
  readonly message: string;
  readonly path?: unknown;
  readonly extensions: { readonly code: string; readonly [key: string]: unknown };
}

export async function post(
  server: RunningServer,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Reply['body'] };
}

export function webSocketClient(
  server: RunningServer,
  connectionParams: Record<string, unknown> = {},
): Client {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
    lazy: true,
  });
  onTestFinished(() => client.dispose());
  return client;
}

/** One way to send an operation; tests run over each of them. */
export interface Transport {
  readonly name: string;
  /** The results of one operation; errors that end it are a last result. */
  run(server: RunningServer, operation: Operation): Promise<Reply['body'][]>;
}

export interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

const http: Transport = {
  name: 'HTTP',
  run: async (server, operation) => [(await post(server, operation)).body],
};

const webSocket: Transport = {
  name: 'WebSocket',
  async run(server, operation) {
    const results: unknown[] = [];
    try {
      for await (const result of webSocketClient(server).iterate(operation)) results.push(result);
    } catch (thrown) {
      // graphql-ws throws the payload of a message of the type "error".
      if (!Array.isArray(thrown)) throw thrown;
      results.push({ errors: thrown } as ExecutionResult);
    }
    return results as Reply['body'][];
  },
};

const serverSentEvents: Transport = {
  name: 'SSE',
  async run(server, operation) {
    const client = createSseClient({ url: `${server.url}/graphql/stream`, retryAttempts: 0 });
    const results: unknown[] = [];
    for await (const result of client.iterate(operation)) results.push(result);
    return results as Reply['body'][];
  },
};

export const streamingTransports: readonly Transport[] = [webSocket, serverSentEvents];
export const transports: readonly Transport[] = [http, ...streamingTransports];

export async function eventually(condition: () => boolean, timeoutMs = 3000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
