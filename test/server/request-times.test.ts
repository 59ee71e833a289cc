import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { limitRequestTimes } from '../../src/server/request-times.ts';

const server = Fastify();
limitRequestTimes(server, { wholeMs: 300, stalledMs: 150 });
server.removeAllContentTypeParsers();
server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
server.post('/operation', async ({ body }) => body);
server.post('/file', { config: { takesFiles: true } }, async ({ body }) => body);
await server.listen({ port: 0, host: '127.0.0.1' });
const { port } = server.server.address() as { port: number };
afterAll(() => server.close());

/** Sends a byte every so often; gives what the server answers before it ends the connection. */
async function send(path: string, bytes: number, everyMs: number, restMs = 0): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/x\r\ncontent-length: ${bytes}\r\n\r\n`,
  );
  for (let i = 0; i < bytes && !socket.destroyed; i++) {
    if (i === 1) await sleep(restMs);
    await sleep(everyMs);
    if (!socket.destroyed) socket.write('x');
  }
  await closed;
  return answer;
}

test('an operation must come within its time', async () => {
  expect(await send('/operation', 3, 20)).toMatch(/xxx$/);
  expect(await send('/operation', 20, 40)).toBe('');
});

test('a file may take longer, as long as it moves', async () => {
  expect(await send('/file', 20, 40)).toMatch(/x{20}$/);
  expect(await send('/file', 3, 20, 700)).toBe('');
});
