import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { post, start, type TestServer } from './harness.ts';

const mebibyte = 2 ** 20;
const endless = `subscription { ticks(events: 1000000, bytes: ${mebibyte}) { text } }`;

/** Waits until the server takes no more events for a client, and returns how many it took. */
async function pulledAtRest(server: TestServer): Promise<number> {
  let before = -1;
  while (server.example.pulled !== before) {
    before = server.example.pulled;
    await sleep(300);
    // Without back-pressure it would come to rest only when the memory is full.
    if (before > 300) break;
  }
  return server.example.pulled;
}

/** Opens a WebSocket whose owner then reads nothing at all. */
async function openDeafWebSocket(server: TestServer): Promise<{ socket: WebSocket; raw: Socket }> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await new Promise((resolve) => socket.on('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await new Promise((resolve) => socket.once('message', resolve));
  const { _socket: raw } = socket as unknown as { _socket: Socket };
  raw.pause();
  return { socket, raw };
}

describe('a WebSocket client that does not read', () => {
  test('stops its subscription, which goes on without a gap when it reads again', async () => {
    const server = await start();
    const { socket, raw } = await openDeafWebSocket(server);
    const query = `subscription { ticks(events: 100, bytes: ${mebibyte}) { number text } }`;
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    const pulled = await pulledAtRest(server);
    // What the buffers of both ends of the connection hold, and no more.
    expect(pulled).toBeGreaterThan(0);
    expect(pulled).toBeLessThan(30);
    expect((await post(server, { query: '{ hello }' })).status).toBe(200);

    const numbers: number[] = [];
    const completed = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (message.type === 'complete') resolve();
        else numbers.push(message.payload.data.ticks.number);
      });
    });
    raw.resume();
    await completed;
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, number) => number));
    socket.terminate();
  });

  test('is not listened to any more, so that answers do not fill the memory', async () => {
    const server = await start();
    const { socket } = await openDeafWebSocket(server);
    const heapBefore = process.memoryUsage().rss;
    const query = `{ text(bytes: ${mebibyte}) }`;
    for (let id = 0; id < 3000; id++) {
      socket.send(JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query } }));
      if (id % 100 === 0) await sleep(10);
    }
    await sleep(500);
    expect(process.memoryUsage().rss - heapBefore).toBeLessThan(400 * mebibyte);
    expect((await post(server, { query: '{ hello }' })).status).toBe(200);
    socket.terminate();
  });

  test('gets no pongs in memory for its endless pings', async () => {
    const server = await start();
    const { socket } = await openDeafWebSocket(server);
    const before = process.memoryUsage().rss;
    const ping = JSON.stringify({ type: 'ping', payload: { padding: 'x'.repeat(mebibyte) } });
    for (let sent = 0; sent < 500 && socket.bufferedAmount < 100 * mebibyte; sent++) {
      socket.send(ping);
      await sleep(1);
    }
    // The test's own unsent pings are among it.
    expect(process.memoryUsage().rss - before).toBeLessThan(500 * mebibyte);
    expect((await post(server, { query: '{ hello }' })).status).toBe(200);
    socket.terminate();
  });
});

describe('an SSE client that does not read', () => {
  test('stops its subscription, and ends it when it leaves', async () => {
    const server = await start();
    const body = JSON.stringify({ query: endless });
    const raw = connect(server.address.port, server.address.address);
    raw.pause();
    raw.write(
      [
        'POST /graphql/stream HTTP/1.1',
        `Host: ${server.address.address}:${server.address.port}`,
        'Content-Type: application/json',
        'Accept: text/event-stream',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
    await expect.poll(() => server.example.pulled).toBeGreaterThan(0);
    expect(await pulledAtRest(server)).toBeLessThan(30);
    raw.destroy();
    await expect.poll(() => server.example.open).toBe(0);
  });
});
