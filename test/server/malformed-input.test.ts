import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { post, start, type TestServer, webSocketClient } from './harness.ts';

let server: TestServer;
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);

beforeEach(async () => {
  process.on('unhandledRejection', note).on('uncaughtException', note);
  server = await start();
});

// Whatever was sent: nothing escapes, and everybody else is still served.
afterEach(async () => {
  process.off('unhandledRejection', note).off('uncaughtException', note);
  expect(unhandled).toEqual([]);
});

async function expectStillServing(): Promise<void> {
  expect((await post(server, { query: '{ hello }' })).body).toEqual({ data: { hello: 'Hello world' } });
  const answer = await webSocketClient(server).iterate({ query: '{ hello }' }).next();
  expect(answer.value).toEqual({ data: { hello: 'Hello world' } });
  expect(server.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
}

describe('over HTTP', () => {
  test.each([
    ['half an object', '{"query": "{ hello }"', 400],
    ['nothing', '', 400],
    ['an empty object', '{}', 400],
    ['an empty batch', '[]', 400],
    ['a number', '3', 400],
    ['null', 'null', 400],
    ['a query that is no text', '{"query": {"kind": "Document"}}', 400],
    ['variables that are a list', '{"query": "{ hello }", "variables": [1]}', 400],
    ['variables that are text', '{"query": "{ hello }", "variables": "{}"}', 400],
    ['an operation name that is a number', '{"query": "{ hello }", "operationName": 3}', 400],
    ['a poisoned prototype', '{"query": "{ hello }", "__proto__": {"x": 1}}', 400],
    ['bytes that are no text', '\u0000\u0001\ufffd', 400],
  ])('%s gets an error with a code', async (_what, content, status) => {
    for (const path of ['/graphql', '/graphql/stream']) {
      const response = await fetch(server.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: content,
      });
      expect(response.status).toBe(status);
      const { errors } = (await response.json()) as {
        errors: { message: string; extensions: { code: string } }[];
      };
      expect(errors[0]?.message).not.toBe('');
      expect(errors[0]?.extensions.code).toMatch(/^BAD_(REQUEST|USER_INPUT)$/);
    }
    await expectStillServing();
  });

  test.each([
    'text/xml',
    'application/octet-stream',
    'multipart/form-data; boundary=x',
    'no type at all',
    'application/',
  ])('the content type %s is refused', async (type) => {
    expect((await post(server, '{"query": "{ hello }"}', { 'content-type': type })).status).toBe(415);
    await expectStillServing();
  });

  test('lists a million deep are refused or taken, but bring nothing down', async () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    const body = `{"query": "mutation ($value: JSON) { keep(value: $value) }", "variables": {"value": ${deep}}}`;
    const response = await post(server, body);
    expect([200, 400]).toContain(response.status);
    await expectStillServing();
  });

  test('what is no HTTP is answered with 400', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(server.address.port, server.address.address, () =>
        socket.end('\x16\x03\x01 hello\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (data) => {
        text += String(data);
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1.1 400/);
    await expectStillServing();
  });

  test.each([
    ['GET', '/nothing'],
    ['POST', '/'],
    ['DELETE', '/graphql'],
    ['GET', '/graphiql/../../package.json'],
    ['GET', '/graphiql/%2e%2e/%2e%2e/package.json'],
    ['GET', '/%'],
  ])('%s %s is nothing', async (method, path) => {
    const response = await fetch(server.url + path, { method });
    expect([400, 404]).toContain(response.status);
    expect(await response.text()).not.toContain('trialgraph"');
    await expectStillServing();
  });
});

describe('over WebSocket', () => {
  const init = JSON.stringify({ type: 'connection_init' });
  const subscribe = (id: unknown, query: unknown) =>
    JSON.stringify({ id, type: 'subscribe', payload: { query } });

  test.each<[string, (string | Buffer)[], number]>([
    ['no JSON', ['hello'], 4400],
    ['half an object', ['{"type": "connection_init"'], 4400],
    ['null', ['null'], 4400],
    ['an unknown type', ['{"type": "start"}'], 4400],
    ['parameters that are no object', ['{"type": "connection_init", "payload": 3}'], 4400],
    ['a second introduction', [init, init], 4429],
    ['a subscription before the introduction', [subscribe('1', '{ hello }')], 4401],
    ['a subscription without an id', [init, subscribe(undefined, '{ hello }')], 4400],
    ['a query that is no text', [init, subscribe('1', 3)], 4400],
    ['one id twice', [init, subscribe('1', '{ wait }'), subscribe('1', '{ wait }')], 4409],
    ['binary data', [Buffer.from(init)], 1003],
    ['bytes that are no text', [Buffer.from([0xff, 0xfe, 0x00])], 1003],
  ])('%s closes the connection', async (_what, messages, code) => {
    const socket = open('graphql-transport-ws');
    socket.on('open', () => socket.send(messages[0]!));
    // Clients have to wait until they are admitted.
    socket.once('message', () => {
      for (const message of messages.slice(1)) socket.send(message);
    });
    expect(await closeCodeOf(socket)).toBe(code);
    await expectStillServing();
  });

  test.each([['graphql-ws'], ['graphql-subscriptions'], [undefined]])(
    'the subprotocol %s is not spoken',
    async (protocol) => {
      const socket = open(protocol);
      // ws takes a missing answer to its offer for an error, browsers do alike.
      socket.on('error', () => {});
      expect([4406, 1006]).toContain(await closeCodeOf(socket));
      await expectStillServing();
    },
  );

  test('a frame that breaks the WebSocket protocol ends only its connection', async () => {
    const socket = open('graphql-transport-ws');
    await new Promise((resolve) => socket.on('open', resolve));
    const { _socket: raw } = socket as unknown as { _socket: import('node:net').Socket };
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]));
    expect([1002, 1006]).toContain(await closeCodeOf(socket));
    await expectStillServing();
  });

  test('a client that is gone in mid-operation takes nothing with it', async () => {
    const socket = open('graphql-transport-ws');
    socket.on('open', () => socket.send(init));
    socket.once('message', () => {
      for (let id = 0; id < 20; id++) {
        socket.send(subscribe(`${id}`, 'subscription { ticks(events: 100000, bytes: 1000) { text } }'));
      }
    });
    await expect.poll(() => server.example.pulled).toBeGreaterThan(100);
    socket.terminate();
    await expect.poll(() => server.example.open).toBe(0);
    await expectStillServing();
  });

  test('another path is refused', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/elsewhere`, 'graphql-transport-ws');
    const status = await new Promise((resolve) => {
      socket.on('error', () => {});
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(status).toBe(404);
    socket.terminate();
    await expectStillServing();
  });

  function open(protocol: string | undefined): WebSocket {
    const url = `${server.url.replace('http', 'ws')}/graphql`;
    return protocol === undefined ? new WebSocket(url) : new WebSocket(url, protocol);
  }

  function closeCodeOf(socket: WebSocket): Promise<number> {
    return new Promise((resolve) => socket.on('close', resolve));
  }
});
