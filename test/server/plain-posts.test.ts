import { connect } from 'node:net';
import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { KnownDocuments } from '../../src/server/known-documents.ts';
import { Operations } from '../../src/server/operations.ts';
import type { RunningServer } from '../../src/server/server.ts';
import { createExample } from './example-schema.ts';
import { start, token } from './harness.ts';

/** The answer to a POST; ids of errors in the log, which are new each time, without their digits. */
async function send(server: RunningServer, body: string, headers: Record<string, string>) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const withoutIds = (text: string) => text.replaceAll(/[0-9a-f-]{36}/g, 'an id');
  const { date: _, 'content-length': length, ...rest } = Object.fromEntries(response.headers);
  return { status: response.status, headers: rest, length, text: withoutIds(await response.text()) };
}

/** Headers of requests that Apollo answers itself, after the same with which it does not, for each type of an answer. */
const byApollo = 'application/json, text/x-other;q=0.1';
const accepts: [plain: string, apollos: string][] = [
  ['*/*', byApollo],
  ['application/json', byApollo],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
];

const greet = 'query Greet($name: String = "you") { hello(name: $name) viewer }';
const sum = 'mutation ($values: [Float!]!) { sum(values: $values) }';
const page = 'query ($first: Int) { page(first: $first) { edges { node { id } } } }';
const two = 'query A { hello } query B($how: String!) { fail(how: $how) viewer }';
const bodies: [what: string, body: unknown][] = [
  ['a query', { query: '{ hello viewer item { id item { name } } }' }],
  ['a variable', { query: greet, variables: { name: 'Zoë \u2028 \0' } }],
  ["a variable's default", { query: greet }],
  ['null as variables and name', { query: greet, variables: null, operationName: null }],
  ['a variable that is null', { query: greet, variables: { name: null } }],
  ['a variable too many', { query: greet, variables: { name: 'a', other: [{}] } }],
  ['a mutation', { query: sum, variables: { values: [1, 2.5, -3] } }],
  ['one value for a list', { query: sum, variables: { values: 3 } }],
  ['a wrong value in a list', { query: sum, variables: { values: [1, 'two'] } }],
  ['a missing variable', { query: sum }],
  ['a missing variable among variables', { query: sum, variables: {} }],
  ['any JSON', { query: 'mutation ($v: JSON) { keep(value: $v) }', variables: { v: [{ a: [null, 1] }] } }],
  ['an operation by its name', { query: two, operationName: 'A' }],
  ['no name where one is needed', { query: two }],
  ['a name that is not there', { query: two, operationName: 'C' }],
  ['an empty name', { query: '{ hello }', operationName: '' }],
  ["a caller's fault", { query: two, operationName: 'B', variables: { how: 'caller' } }],
  ["GraphQL's own error", { query: two, operationName: 'B', variables: { how: 'graphql' } }],
  ['an unexpected error', { query: two, operationName: 'B', variables: { how: 'x' } }],
  ['a page within the limit', { query: page, variables: { first: 10 } }],
  ['a page beyond the limit', { query: page, variables: { first: 900 } }],
  ['variables that are too deep', { query: greet, variables: { name: nested(150) } }],
  ['too many levels', { query: '{ item { item { item { item { item { id } } } } } }' }],
  ['a subscription', { query: 'subscription { silence { number } }' }],
  ['no field', { query: '{ helo }' }],
  ['no GraphQL', { query: '{ hello' }],
  ['no query', { variables: {} }],
  ['an empty query', { query: '' }],
  ['extensions', { query: '{ hello }', extensions: {} }],
  ['extensions that are null', { query: '{ hello }', extensions: null }],
  ['extensions that are text', { query: '{ hello }', extensions: '{}' }],
  ['a persisted query', { query: '{ hello }', extensions: { persistedQuery: { version: 1 } } }],
  ['a query that is a number', { query: 3 }],
  ['a name that is a number', { query: '{ hello }', operationName: 3 }],
  ['variables that are text', { query: greet, variables: '{}' }],
  ['variables that are a list', { query: greet, variables: [] }],
  ['a batch', [{ query: '{ hello }' }, { query: '{ viewer }' }]],
];

const raw: [what: string, body: string][] = [
  ['nothing', ''],
  ['no JSON', '{"query": "{ hello }"'],
  ['null', 'null'],
  ['a text', '"{ hello }"'],
  ['an empty list', '[]'],
  ['a byte order mark', '\ufeff{"query":"{ hello }"}'],
  ["JavaScript's own name for a prototype", '{"query":"{ hello }","__proto__":{"a":1}}'],
  [
    'the same within variables',
    `{"query":"${greet}","variables":{"name":"a","__proto__":{}}}`.replaceAll('"you"', 'null'),
  ],
  ['the same in escapes', '{"query":"{ hello }","\\u005f_proto__":{}}'],
  ["a constructor's prototype", '{"query":"{ hello }","constructor":{"prototype":{}}}'],
  ['a constructor alone', '{"query":"{ hello }","constructor":1}'],
  ['an escaped query', '{"query":"{ h\\u0065llo }"}'],
  ['a key twice', '{"query":"{ viewer }","query":"{ hello }"}'],
];

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { down: nested(depth - 1) };
}

describe.each(accepts)('to a client that accepts %s', (plain, apollos) => {
  test.each(bodies)('%s has the answer that Apollo gives, each time', async (_what, content) => {
    const server = await start({ limits: { cost: 1000, depth: 5 } });
    const body = JSON.stringify(content);
    const expected = await send(server, body, { accept: apollos });
    for (let time = 0; time < 3; time++) {
      expect(await send(server, body, { accept: plain })).toEqual(expected);
    }
  });
});

describe.each(accepts)('to a client that accepts %s', (plain, apollos) => {
  test.each(raw)('a body of %s has the answer that Apollo gives, each time', async (_what, body) => {
    const server = await start();
    const expected = await send(server, body, { accept: apollos });
    await send(server, JSON.stringify({ query: '{ hello }' }), {});
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'application/json;charset=x',
    ]) {
      expect(await send(server, body, { accept: plain, 'content-type': type })).toEqual(expected);
    }
  });
});

test('a body may come in pieces, without its length, and behind another request', async () => {
  const server = await start();
  const body = JSON.stringify({ query: greet, variables: { name: 'Zoë' } });
  await send(server, body, {});
  const head = 'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';
  const bytes = Buffer.from(body);
  const withLength = Buffer.concat([Buffer.from(`${head}content-length: ${bytes.length}\r\n\r\n`), bytes]);
  const chunked = Buffer.concat([
    Buffer.from(`${head}transfer-encoding: chunked\r\n\r\n${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  const all = Buffer.concat([withLength, withLength, chunked, withLength]);
  // Cut within the "ë" as well.
  for (const pieceBytes of [all.length, 1000, all.indexOf('ë') + 1, 97]) {
    const answer = await exchange(server, all, pieceBytes, 4);
    expect(answer.match(/"hello":"[^"]*"/g)).toEqual(Array(4).fill('"hello":"Hello Zoë"'));
  }
});

/** Sends bytes in pieces over one connection. @returns all that comes until it has so many answers */
async function exchange(server: RunningServer, bytes: Buffer, pieceBytes: number, answers: number) {
  const socket = connect(server.address.port, '127.0.0.1').setNoDelay(true);
  let received = '';
  const isAnswered = new Promise<void>((resolve, reject) => {
    socket.setEncoding('utf8').on('data', (text) => {
      received += text;
      if (received.split('"hello"').length > answers) resolve();
    });
    socket.on('close', () => reject(new Error(received)));
  });
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    socket.write(bytes.subarray(at, at + pieceBytes));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await isAnswered;
  socket.removeAllListeners('close').destroy();
  return received;
}

test('while it closes, the server answers what was asked before, and ends the connection', async () => {
  const server = await start();
  await send(server, JSON.stringify({ query: '{ hello }' }), {});
  const body = '{"query":"{ hello }"}';
  const head = `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  const socket = connect(server.address.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  const ended = new Promise((resolve) => socket.once('close', resolve));
  socket.write(head);
  // Its head has come once a later request is answered.
  await send(server, body, {});
  const closed = server.close();
  socket.write(body);
  await Promise.all([ended, closed]);
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\nconnection: close\r\n/i);
  expect(answer).toContain('"hello"');
});

test('access is asked for each time', async () => {
  const server = await start({ token });
  const body = JSON.stringify({ query: '{ viewer }' });
  const authorization = `Bearer ${token}`;
  for (let time = 0; time < 2; time++) {
    expect((await send(server, body, { authorization })).text).toBe('{"data":{"viewer":"admin ADMIN"}}');
    expect((await send(server, body, {})).status).toBe(401);
  }
});

test('a document is run without Apollo only after it was found to be valid', async () => {
  const documents = new KnownDocuments();
  const limits = { tokens: 1, depth: 9, aliases: 9, directives: 9, rootFields: 9, cost: 99 };
  const operations = new Operations({
    schema: createExample().schema,
    limits,
    createContext: (base) => base,
    formatError: (error) => ({ message: String(error) }),
    documents,
  });
  const viewer = { name: 'somebody', role: 'ADMIN' };
  const query = '{ viewer }';
  expect(await operations.executeKnown({ query }, viewer)).toBeNull();
  // Refused, as one token is allowed: not known then either.
  operations.prepare({ query }, viewer);
  expect(await operations.executeKnown({ query }, viewer)).toBeNull();
  documents.remember(query, parse(query));
  expect(await operations.executeKnown({ query }, viewer)).toEqual({ data: { viewer: 'somebody ADMIN' } });
});
