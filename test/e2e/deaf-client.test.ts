import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { createTestDatabase } from '../support/postgres.ts';
import { startTrialgraph, temporaryDirectory } from '../support/trialgraph-process.ts';

const database = await createTestDatabase();

async function rssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
}

/** So that what a client does not read would be 100 MB. */
const descriptionLength = 1000;

test('a client that never reads does not fill the memory while 100,000 events go to another', async () => {
  await using directory = await temporaryDirectory();
  const server = await startTrialgraph({
    dataDir: directory.path,
    env: {
      DATABASE_URL: database.url,
      // Else garbage is left lying about for long, and the size of the process says little.
      NODE_OPTIONS: '--max-semi-space-size=4 --max-old-space-size=192',
    },
  });
  const { createStudy } = await server.graphql<{ createStudy: { id: string } }>(
    `mutation { createStudy(input: {
      name: "deaf", searchSpace: { x: { type: "float", low: 0, high: 1 } }
      objectives: [{ metric: "loss", direction: MINIMIZE }]
    }) { id } }`,
  );
  const study = createStudy.id;
  const query = `subscription { studyEvents(study: "${study}") { events { study { description } } } }`;
  let seen = 0;
  let hasSnapshot = false;
  const socketUrl = `${server.url.replace('http', 'ws')}/graphql`;
  const reader = createClient({ url: socketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  const reading = (async () => {
    for await (const { data } of reader.iterate({ query, variables: {} })) {
      hasSnapshot = true;
      seen += (data as unknown as { studyEvents: { events: unknown[] } }).studyEvents.events.length;
    }
  })();

  /** As many events as a busy study writes in days, at once. */
  const write = async (count: number): Promise<void> => {
    const before = seen;
    await database.pool.query(
      `WITH moved AS (
         UPDATE study SET last_event = last_event + $2::integer WHERE id = $1
         RETURNING last_event - $2::integer AS before
       )
       INSERT INTO study_event (study_id, sequence, kind, change)
       SELECT $1, before + i, 'STUDY_UPDATED', '{}' FROM moved, generate_series(1, $2::integer) AS i`,
      [study.slice('study-'.length), count - 1],
    );
    await server.graphql(
      'mutation ($id: ID!, $text: String) { updateStudy(id: $id, input: { description: $text }) { id } }',
      { id: study, text: String(before).padEnd(descriptionLength, 'x') },
    );
    await expect.poll(() => seen, { timeout: 20_000 }).toBe(before + count);
  };
  /** The most memory that the server takes while so many events go to the reader. */
  const peakMb = async (count: number): Promise<number> => {
    let peak = 0;
    for (let written = 0; written < count; written += 5000) {
      await write(5000);
      peak = Math.max(peak, await rssMb(server.pid));
    }
    return peak;
  };
  await expect.poll(() => hasSnapshot).toBe(true);
  await write(10);
  const without = await peakMb(60_000);

  const deaf = new WebSocket(socketUrl, 'graphql-transport-ws');
  await new Promise((resolve) => deaf.on('open', resolve));
  deaf.send(JSON.stringify({ type: 'connection_init' }));
  await new Promise((resolve) => deaf.once('message', resolve));
  (deaf as unknown as { _socket: Socket })._socket.pause();
  deaf.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  await sleep(100);

  expect((await peakMb(100_000)) - without).toBeLessThan(30);
  deaf.terminate();
  await reader.dispose();
  await reading;
  await server.stop();
}, 180_000);
