import { describe, expect, test } from 'vitest';
import { eventually, post, start, streamingTransports, transports, webSocketClient } from './harness.ts';

describe.each(transports)('over $name', ({ run }) => {
  test('a query is answered', async () => {
    const server = await start();
    const query = 'query Greet($name: String) { hello(name: $name) viewer }';
    expect(await run(server, { query, variables: { name: 'you' } })).toEqual([
      { data: { hello: 'Hello you', viewer: 'local ADMIN' } },
    ]);
  });

  test('a mutation takes a long array as a variable', async () => {
    const values = Array.from({ length: 100_000 }, () => 1);
    const query = 'mutation ($values: [Float!]!) { sum(values: $values) }';
    expect(await run(await start(), { query, variables: { values } })).toEqual([{ data: { sum: 100_000 } }]);
  });

  test('one of several operations is chosen by its name', async () => {
    const query = 'query A { hello } query B { hello(name: "B") }';
    const server = await start();
    expect(await run(server, { query, operationName: 'B' })).toEqual([{ data: { hello: 'Hello B' } }]);
    const [unknown] = await run(server, { query, operationName: 'C' });
    expect(unknown?.errors?.[0]?.extensions.code).toBe('OPERATION_RESOLUTION_FAILURE');
  });
});

describe.each(streamingTransports)('over $name', ({ run }) => {
  test('a subscription gives every event in order and completes', async () => {
    const results = await run(await start(), { query: 'subscription { ticks(events: 500) { number } }' });
    expect(results.map(({ data }) => data)).toEqual(
      Array.from({ length: 500 }, (_, number) => ({ ticks: { number } })),
    );
  });
});

describe('over WebSocket', () => {
  test('a subscription ends when its client leaves it, and when its client is gone', async () => {
    const server = await start();
    const client = webSocketClient(server);
    const leave = client.subscribe({ query: 'subscription { silence { number } }' }, ignored);
    client.subscribe({ query: 'subscription { silence { number } }' }, ignored);
    await eventually(() => server.example.open === 2);
    leave();
    await eventually(() => server.example.open === 1);
    client.terminate();
    await eventually(() => server.example.open === 0);
  });

  test('many operations share a connection', async () => {
    const client = webSocketClient(await start());
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
    const answers = await Promise.all(
      names.map(async (name) => {
        const query = `{ hello(name: "${name}") }`;
        for await (const { data } of client.iterate({ query })) return data;
        return null;
      }),
    );
    expect(answers).toEqual(names.map((name) => ({ hello: `Hello ${name}` })));
  });
});

describe('over SSE', () => {
  test('a subscription ends when its client is gone', async () => {
    const server = await start();
    const leave = new AbortController();
    const search = new URLSearchParams({ query: 'subscription { silence { number } }' });
    const response = await fetch(`${server.url}/graphql/stream?${search}`, {
      headers: { accept: 'text/event-stream' },
      signal: leave.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    await eventually(() => server.example.open === 1);
    leave.abort();
    await eventually(() => server.example.open === 0);
  });

  test('GET takes the operation from the address, and runs no mutation', async () => {
    const server = await start();
    const get = async (parameters: Record<string, string>) => {
      const url = `${server.url}/graphql/stream?${new URLSearchParams(parameters)}`;
      return (await fetch(url, { headers: { accept: 'text/event-stream' } })).text();
    };
    const query = 'query ($name: String) { hello(name: $name) }';
    expect(await get({ query, variables: '{"name":"GET"}' })).toBe(
      ':\n\nevent: next\ndata: {"data":{"hello":"Hello GET"}}\n\nevent: complete\ndata:\n\n',
    );
    expect(await get({ query: 'mutation { sum(values: [1]) }' })).toContain('Send mutations by POST');
    expect(await get({ query, variables: '{' })).toContain('is not JSON');
  });
});

describe('over HTTP', () => {
  test('operations can be sent in a batch', async () => {
    const { body } = await post(await start(), [{ query: '{ hello }' }, { query: '{ viewer }' }]);
    expect(body).toEqual([{ data: { hello: 'Hello world' } }, { data: { viewer: 'local ADMIN' } }]);
  });

  test('a subscription is refused with where to send it', async () => {
    const { status, body } = await post(await start(), {
      query: 'subscription { ticks(events: 1) { number } }',
    });
    expect(status).toBe(400);
    expect(body.errors?.[0]).toMatchObject({
      message: expect.stringContaining('/graphql/stream'),
      extensions: { code: 'BAD_REQUEST' },
    });
  });

  test('GET runs queries, not mutations', async () => {
    const server = await start();
    const get = (query: string) =>
      fetch(`${server.url}/graphql?${new URLSearchParams({ query })}`, {
        headers: { 'apollo-require-preflight': 'yes' },
      });
    expect(await (await get('{ hello }')).json()).toEqual({ data: { hello: 'Hello world' } });
    expect((await get('mutation { sum(values: [1]) }')).status).toBe(405);
  });
});

const ignored = { next() {}, error() {}, complete() {} };
