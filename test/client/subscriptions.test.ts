import { GraphQLError } from 'graphql';
import { afterEach, expect, it } from 'vitest';
import {
  type Client,
  type ClientOptions,
  createClient,
  TrialgraphError,
  type TypedDocument,
} from '../../src/client/index.ts';
import { packFloat64s, packInt32s } from '../../src/client/packing.ts';
import { Log } from './log.ts';
import { Peer, type Root } from './peer.ts';
import { studyRecord, trialRecord } from './records.ts';

let peer: Peer;
let client: Client;

afterEach(async () => {
  client?.close();
  await peer?.down();
});

async function start(root: Root, options: ClientOptions = {}): Promise<void> {
  peer = await Peer.start({ study: () => studyRecord(), trial: () => trialRecord(), ...root });
  client = createClient({ url: peer.url, ...options });
}

/** A study whose events are the numbers of a log, kept as trial numbers. */
function studyOf(log: Log<number>): Root {
  return {
    async *studyEvents({ after }: { after?: string }) {
      if (after == null) {
        yield { studyEvents: { cursor: '0', snapshot: studyRecord(), events: [] } };
      }
      for await (const { number, entry } of log.follow(Number(after ?? 0))) {
        const trial = trialRecord({ number: entry });
        const events = [{ kind: 'TRIAL_STARTED', at: trial.queuedAt, trial, study: null }];
        yield { studyEvents: { cursor: String(number), snapshot: null, events } };
      }
    },
  };
}

async function takeEvents(count: number, after?: string): Promise<number[]> {
  const study = await client.studies.get('study-1');
  const seen: number[] = [];
  for await (const batch of study.events(after === undefined ? {} : { after })) {
    seen.push(...batch.events.map((event) => event.trial!.number));
    if (seen.length >= count) break;
  }
  return seen;
}

it('events come once each and in order while the connection is cut again and again', async () => {
  const log = new Log<number>();
  await start(studyOf(log));
  const count = 400;
  const taken = takeEvents(count);
  let appended = 0;
  const writer = setInterval(() => {
    for (let i = 0; i < 4 && appended < count; i++) log.append(appended++);
  }, 10);
  const cutter = setInterval(() => Math.random() < 0.2 && peer.cut(), 20);
  try {
    expect(await taken).toEqual(Array.from({ length: count }, (_, i) => i));
  } finally {
    clearInterval(writer);
    clearInterval(cutter);
  }
  expect(peer.connections).toBeGreaterThan(2);
});

it('a server that was away is found again, and what happened meanwhile is told', async () => {
  const states: string[] = [];
  const log = new Log<number>();
  await start(studyOf(log), { onConnection: (state) => states.push(state) });
  log.append(0, 1);
  const study = await client.studies.get('study-1');
  const seen: number[] = [];
  const following = (async () => {
    for await (const batch of study.events({ after: '0' })) {
      seen.push(...batch.events.map((event) => event.trial!.number));
      if (seen.length >= 5) break;
    }
  })();
  await expect.poll(() => seen).toEqual([0, 1]);
  await peer.down();
  log.append(2, 3);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await peer.up();
  log.append(4);
  await following;
  expect(seen).toEqual([0, 1, 2, 3, 4]);
  expect(states).toEqual(['connected', 'reconnecting', 'connected']);
});

it('a subscription that begins while the server is away begins when it is back', async () => {
  const log = new Log<number>();
  await start(studyOf(log));
  const study = await client.studies.get('study-1');
  await peer.down();
  log.append(7);
  const events = study.events({ after: '0' });
  const first = events.next();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await peer.up();
  expect((await first).value?.events[0]?.trial?.number).toBe(7);
});

it('with reconnectAttempts, a server that stays away ends the subscription with a NetworkError', async () => {
  await start(studyOf(new Log()), { reconnectAttempts: 2 });
  const study = await client.studies.get('study-1');
  await peer.down();
  await expect(study.events().next()).rejects.toMatchObject({ name: 'NetworkError' });
});

it('an error of the server ends the subscription with its code, without a second try', async () => {
  let tries = 0;
  await start({
    studyEvents: () => {
      tries += 1;
      throw new GraphQLError('There is no study with the id study-1.', { extensions: { code: 'NOT_FOUND' } });
    },
  });
  const study = await client.studies.get('study-1');
  const failure = await study
    .events()
    .next()
    .catch((error) => error);
  expect(failure).toBeInstanceOf(TrialgraphError);
  expect(failure).toMatchObject({ code: 'NOT_FOUND', message: 'There is no study with the id study-1.' });
  expect(tries).toBe(1);
});

it('a fault inside the server is waited out', async () => {
  let tries = 0;
  const log = new Log<number>();
  const { studyEvents } = studyOf(log);
  log.append(3);
  await start({
    studyEvents: (args) => {
      tries += 1;
      if (tries > 2) return studyEvents!(args);
      throw new GraphQLError('Something went wrong.', { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    },
  });
  expect(await takeEvents(1, '0')).toEqual([3]);
  expect(tries).toBe(3);
});

it('a refused token ends the subscription with UNAUTHENTICATED, and a good one is sent', async () => {
  const log = new Log<number>();
  log.append(1);
  await start(studyOf(log), { token: 'a-wrong-token-of-16' });
  const tokens: unknown[] = [];
  peer.onConnect = (params) => {
    tokens.push(params?.token);
    return params?.token === 'the-right-token-1';
  };
  await expect(takeEvents(1)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  client = createClient({ url: peer.url, token: 'the-right-token-1' });
  expect(await takeEvents(1, '0')).toEqual([1]);
  expect(tokens).toEqual(['a-wrong-token-of-16', 'the-right-token-1']);
});

it('the end of the stream is the end of the iteration', async () => {
  await start({
    async *studyEvents() {
      yield { studyEvents: { cursor: '1', snapshot: studyRecord(), events: [] } };
    },
  });
  const study = await client.studies.get('study-1');
  const batches = [];
  for await (const batch of study.events()) batches.push(batch.cursor);
  expect(batches).toEqual(['1']);
});

it('a signal ends the iteration without an error, also while it waits and while the server is away', async () => {
  await start(studyOf(new Log()));
  const study = await client.studies.get('study-1');
  for (const isAway of [false, true]) {
    if (isAway) await peer.down();
    const controller = new AbortController();
    const events = study.events({ after: '0', signal: controller.signal });
    const next = events.next();
    setTimeout(() => controller.abort(), 150);
    expect(await next).toEqual({ done: true, value: undefined });
  }
});

it('return() ends an iteration that waits', async () => {
  await start(studyOf(new Log()));
  const study = await client.studies.get('study-1');
  const events = study.events({ after: '0' });
  const next = events.next();
  await expect.poll(() => peer.connections).toBe(1);
  await events.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
});

it('subscriptions share one connection, which closes after the last', async () => {
  const log = new Log<number>();
  log.append(1, 2, 3);
  await start(studyOf(log));
  await Promise.all([takeEvents(3, '0'), takeEvents(2, '1'), takeEvents(1, '2')]);
  expect(peer.connections).toBe(1);
  await expect.poll(() => peer.openWebSockets, { timeout: 2000 }).toBe(0);
});

it('close() ends every subscription', async () => {
  await start(studyOf(new Log()));
  const study = await client.studies.get('study-1');
  const waiting = [study.events({ after: '0' }).next(), study.events({ after: '0' }).next()];
  await expect.poll(() => peer.connections).toBe(1);
  client.close();
  expect(await Promise.all(waiting)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
});

it('a connection that says nothing any more is noticed and replaced', async () => {
  const log = new Log<number>();
  await start(studyOf(log), { keepAliveMs: 300 });
  const taken = takeEvents(2, '0');
  log.append(0);
  await expect.poll(() => peer.connections).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(peer.connections).toBe(1);
  peer.freeze();
  log.append(1);
  expect(await taken).toEqual([0, 1]);
  expect(peer.connections).toBe(2);
});

it('a slow reader gets everything, though no more than a bounded part of it waits', async () => {
  const log = new Log<number>();
  await start(studyOf(log));
  const count = 2500;
  log.append(...Array.from({ length: count }, (_, i) => i));
  const study = await client.studies.get('study-1');
  const seen: number[] = [];
  for await (const batch of study.events({ after: '0' })) {
    if (seen.length % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 300));
    seen.push(...batch.events.map((event) => event.trial!.number));
    if (seen.length === count) break;
  }
  expect(seen).toEqual(Array.from({ length: count }, (_, i) => i));
  expect(peer.subscriptions).toBeGreaterThan(1);
});

it('metrics go on from their cursor and keep NaN and infinities', async () => {
  const log = new Log<number>();
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1, -0];
  await start({
    async *metrics({ after }: { after?: string }) {
      for await (const { number, entry } of log.follow(Number(after ?? 0))) {
        const series = [
          {
            trial: 'trial-1',
            name: 'loss',
            packedSteps: packInt32s([number]),
            packedValues: packFloat64s([entry]),
            packedTimes: packFloat64s([1000 + number]),
          },
        ];
        yield { metrics: { cursor: String(number), series } };
      }
    },
  });
  const study = await client.studies.get('study-1');
  const writer = setInterval(() => log.append(special[log.entries.length % special.length]!), 5);
  const cutter = setInterval(() => peer.cut(), 60);
  const values: number[] = [];
  const steps: number[] = [];
  try {
    for await (const { series } of study.metrics({ after: '0', names: ['loss'] })) {
      values.push(...series[0]!.values);
      steps.push(...series[0]!.steps);
      if (steps.length === 60) break;
    }
  } finally {
    clearInterval(writer);
    clearInterval(cutter);
  }
  expect(steps).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  expect(values).toEqual(Array.from({ length: 60 }, (_, i) => special[i % special.length]));
});

it('any subscription can be made with a document of its own', async () => {
  const log = new Log<number>();
  log.append(5, 6);
  await start(studyOf(log));
  const document: TypedDocument<{ studyEvents: { cursor: string } }, { study: string; after?: string }> =
    'subscription ($study: ID!, $after: Cursor) { studyEvents(study: $study, after: $after) { cursor } }';
  const cursors: string[] = [];
  for await (const { studyEvents } of client.subscribe(
    document,
    { study: 'study-1', after: '0' },
    { cursorOf: (result) => result.studyEvents.cursor },
  )) {
    cursors.push(studyEvents.cursor);
    if (cursors.length === 2) break;
  }
  expect(cursors).toEqual(['1', '2']);
});
