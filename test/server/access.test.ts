import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { RunningServer } from '../../src/server/server.ts';
import { post, start, token, webSocketClient } from './harness.ts';

const hello = { query: '{ hello viewer }' };
const wrong = 'wrong-horse-battery';

describe('a server with a token', () => {
  test.each([
    ['none', {}],
    ['a wrong one', { authorization: `Bearer ${wrong}` }],
    ['one that begins right', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['another scheme', { authorization: `Basic ${token}` }],
    ['an empty one', { authorization: 'Bearer ' }],
  ])('refuses over HTTP and SSE who sends %s', async (_what, headers) => {
    const server = await start({ token });
    const { status, body } = await post(server, hello, headers);
    expect([status, body.data, body.errors?.[0]?.extensions.code]).toEqual([
      401,
      undefined,
      'UNAUTHENTICATED',
    ]);

    const stream = await openStream(server, headers);
    expect(stream.status).toBe(401);
    expect(stream.headers.get('www-authenticate')).toBe('Bearer');
    expect(await stream.text()).toContain('UNAUTHENTICATED');
  });

  test('admits over HTTP and SSE who sends it', async () => {
    const server = await start({ token });
    const headers = { authorization: `Bearer ${token}` };
    expect((await post(server, hello, headers)).body).toEqual({
      data: { hello: 'Hello world', viewer: 'admin ADMIN' },
    });
    expect(await (await openStream(server, headers)).text()).toContain('admin ADMIN');
  });

  test.each([
    ['none', {}],
    ['a wrong one', { token: wrong }],
    ['one that is no text', { token: [token] }],
    ['a wrong header', { authorization: `Bearer ${wrong}` }],
  ])('closes the WebSocket of who sends %s with 4401', async (_what, params) => {
    const client = webSocketClient(await start({ token }), params);
    await expect(client.iterate(hello).next()).rejects.toMatchObject({
      code: 4401,
      reason: expect.stringMatching(/^UNAUTHENTICATED: /),
    });
  });

  test.each([
    ['token', { token }],
    ['authorization', { authorization: `Bearer ${token}` }],
    ['Authorization', { Authorization: `Bearer ${token}` }],
  ])('admits over WebSocket who sends it as %s', async (_name, params) => {
    const client = webSocketClient(await start({ token }), params);
    expect((await client.iterate(hello).next()).value).toEqual({
      data: { hello: 'Hello world', viewer: 'admin ADMIN' },
    });
  });

  test('does not run what a WebSocket sends before it is admitted', async () => {
    const server = await start({ token });
    const socket = new WebSocket(webSocketUrl(server), 'graphql-transport-ws');
    socket.on('open', () => socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: hello })));
    expect(await closeCodeOf(socket)).toBe(4401);
  });

  test('refuses a stranger before it reads what he sends', async () => {
    const server = await start({ token, limits: { bodyBytes: 1024 } });
    expect((await post(server, 'x'.repeat(5000))).status).toBe(401);
  });

  test('never sends or logs the token', async () => {
    const server = await start({ token });
    await post(server, hello, { authorization: `Bearer ${token}` });
    await post(server, hello, { authorization: `Bearer ${wrong}` });
    expect(server.log.join()).toContain('/graphql');
    expect(server.log.join()).not.toContain('horse');
  });

  test('serves pages of other sites that send the token', async () => {
    const server = await start({ token });
    const headers = { authorization: `Bearer ${token}`, origin: 'https://dashboard.example' };
    expect((await post(server, hello, headers)).status).toBe(200);
  });
});

describe('a server without a token', () => {
  test.each([
    'evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example',
    '192.168.1.7:4000',
    'localhost.evil',
  ])('refuses requests for the host %s, to which a name may have been bound', async (host) => {
    const server = await start();
    expect(await statusOf(server, '/graphql', { host })).toBe(403);
    expect(await statusOf(server, '/graphql/stream', { host, accept: 'text/event-stream' })).toBe(403);
    expect(await handshakeStatus(server, { host })).toBe(403);
  });

  test.each(['https://evil.example', 'http://127.0.0.1:1', 'null', 'http://localhost'])(
    'refuses requests of pages of %s',
    async (origin) => {
      const server = await start();
      expect(await statusOf(server, '/graphql', { origin })).toBe(403);
      expect(await statusOf(server, '/graphql/stream', { origin, accept: 'text/event-stream' })).toBe(403);
      expect(await handshakeStatus(server, { origin })).toBe(403);
    },
  );

  test('serves its own pages, whichever name of this machine they were opened by', async () => {
    const server = await start();
    const { port } = server.address;
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `[::1]:${port}`,
      `trial.localhost:${port}`,
    ]) {
      const headers = { host, origin: `http://${host}` };
      expect(await statusOf(server, '/graphql', headers)).toBe(200);
      expect(await handshakeStatus(server, headers)).toBe(101);
    }
  });

  test('refuses what a form or picture of another site can send', async () => {
    const server = await start();
    const get = `/graphql?${new URLSearchParams({ query: '{ hello }' })}`;
    expect((await fetch(server.url + get)).status).toBe(400);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post(server, 'query={hello}', form)).status).toBe(415);
    expect((await post(server, JSON.stringify(hello), { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await fetch(server.url + get.replace('graphql', 'graphql/stream'))).status).toBe(400);
  });
});

function webSocketUrl(server: RunningServer): string {
  return `${server.url.replace('http', 'ws')}/graphql`;
}

function openStream(server: RunningServer, headers: Record<string, string>): Promise<Response> {
  return fetch(`${server.url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(hello),
  });
}

/** fetch does not let one choose the host. */
function statusOf(
  server: RunningServer,
  path: string,
  headers: Record<string, string>,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    });
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(hello));
  });
}

function handshakeStatus(
  server: RunningServer,
  headers: Record<string, string>,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(webSocketUrl(server), 'graphql-transport-ws', { headers });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode);
      socket.terminate();
    });
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
    socket.on('error', reject);
  });
}

function closeCodeOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.on('close', resolve));
}
