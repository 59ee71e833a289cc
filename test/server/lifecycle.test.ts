import { createServer } from 'node:net';
import { createClient as createSseClient } from 'graphql-sse';
import { describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { eventually, post, start, webSocketClient } from './harness.ts';

describe('starting', () => {
  test('a taken port is told with what to do', async () => {
    const port = await takePort();
    await expect(start({ port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken. Stop what uses it, or choose`,
    );
  });

  test('the next free port is taken where that is wanted', async () => {
    const port = await takePort();
    const server = await start({ port, portFallback: true });
    expect(server.address.port).toBeGreaterThan(port);
    expect(server.url).toBe(`http://127.0.0.1:${server.address.port}`);
    expect((await post(server, { query: '{ hello }' })).status).toBe(200);
    expect((await webSocketClient(server).iterate({ query: '{ hello }' }).next()).value).toHaveProperty(
      'data',
    );
  });

  test.each(['203.0.113.7', 'no-such-host.invalid'])("%s is told not to be this machine's", async (host) => {
    await expect(start({ host, token: 'x'.repeat(16) })).rejects.toThrow(
      /is not an address of this machine|Cannot listen/,
    );
  });

  test('localhost is served on each of its addresses, WebSockets as well', async () => {
    const server = await start({ host: 'localhost' });
    for (const host of ['localhost', '127.0.0.1']) {
      const url = `http://${host}:${server.address.port}`;
      expect(
        (
          await webSocketClient({ ...server, url })
            .iterate({ query: '{ hello }' })
            .next()
        ).value,
      ).toHaveProperty('data');
    }
  });
});

describe('health', () => {
  test('is told to anybody, with the version and the uptime', async () => {
    const server = await start({ token: 'x'.repeat(16) });
    const response = await fetch(`${server.url}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      uptimeSeconds: expect.any(Number),
      database: true,
    });
  });

  test('is 503 while the database cannot be reached', async () => {
    let isUp = false;
    const server = await start({}, async () => {
      if (!isUp) throw new Error('connection refused');
    });
    const response = await fetch(`${server.url}/health`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'unavailable', database: false });
    expect(server.log.join()).toContain('connection refused');
    isUp = true;
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  test('is 503 when the database does not answer, and those who ask meanwhile share the question', async () => {
    let asked = 0;
    const server = await start({}, () => {
      asked += 1;
      return new Promise<void>(() => {});
    });
    const responses = await Promise.all([1, 2, 3].map(() => fetch(`${server.url}/health`)));
    expect(responses.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(asked).toBe(1);
  });
});

describe('closing', () => {
  test('ends WebSockets with 1001 and their subscriptions, so that clients connect again', async () => {
    const first = await start();
    let attempts = 0;
    const client = webSocketClient(first, {});
    client.on('closed', (event) => {
      attempts += 1;
      expect((event as { code: number }).code).toBe(1001);
    });
    client.subscribe(
      { query: 'subscription { silence { number } }' },
      { next() {}, error() {}, complete() {} },
    );
    await eventually(() => first.example.open === 1);
    const startedAt = performance.now();
    await first.close();
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(first.example.open).toBe(0);
    await eventually(() => attempts === 1);
  });

  test('ends event streams without completing them, so that clients connect again', async () => {
    const server = await start();
    const client = createSseClient({ url: `${server.url}/graphql/stream`, retryAttempts: 0 });
    const outcome = new Promise((resolve) => {
      client.subscribe(
        { query: 'subscription { silence { number } }' },
        { next() {}, error: resolve, complete: () => resolve('completed') },
      );
    });
    await eventually(() => server.example.open === 1);
    await server.close();
    expect(server.example.open).toBe(0);
    expect(String(await outcome)).toMatch(/NetworkError|closed/);
  });

  test('waits for requests in progress', async () => {
    const server = await start();
    const answer = post(server, { query: '{ wait }' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closed = server.close();
    setTimeout(() => server.example.release(), 200);
    expect((await answer).body).toEqual({ data: { wait: 'waited' } });
    const answeredAt = performance.now();
    await closed;
    expect(performance.now() - answeredAt).toBeLessThan(1000);
    await expect(fetch(server.url)).rejects.toThrow();
  });

  test('cuts off what does not end in time', async () => {
    const server = await start({ shutdownSeconds: 1 });
    const answer = post(server, { query: '{ wait }' }).catch(() => 'cut off');
    const deaf = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    deaf.on('error', () => {});
    await new Promise((resolve) => deaf.on('open', resolve));
    (deaf as unknown as { _socket: import('node:net').Socket })._socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    expect(performance.now() - startedAt).toBeLessThan(2500);
    expect(await answer).toBe('cut off');
    deaf.terminate();
  });

  test('can be asked for twice', async () => {
    const server = await start();
    await Promise.all([server.close(), server.close()]);
  });
});

/** Listens on some port until the test ends. */
async function takePort(): Promise<number> {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  return (taken.address() as { port: number }).port;
}
