import { GraphQLError } from 'graphql';
import { afterEach, expect, it } from 'vitest';
import {
  type Client,
  type ClientOptions,
  createClient,
  NetworkError,
  TrialgraphError,
  type TypedDocument,
} from '../../src/client/index.ts';
import { Peer, type Root } from './peer.ts';
import { studyRecord, trialRecord } from './records.ts';

let peer: Peer;
let client: Client;

afterEach(() => peer?.down());

async function start(root: Root, options: ClientOptions = {}): Promise<void> {
  peer = await Peer.start(root);
  client = createClient({ url: peer.url, ...options });
}

const create = { name: 'digits', objectives: [{ metric: 'loss', direction: 'MINIMIZE' as const }] };

it('a query is tried again until the server answers', async () => {
  await start({ study: () => studyRecord() });
  peer.fates.push('lose', 'lose answer', { status: 503, body: 'starting' }, { status: 502, body: '<html>' });
  expect((await client.studies.get('study-1')).name).toBe('digits');
  expect(peer.operations).toEqual(['Study', 'Study', 'Study', 'Study']);
});

it('a query waits for a server that is away', async () => {
  await start({ study: () => studyRecord() });
  await peer.down();
  const asked = client.studies.get('study-1');
  await new Promise((resolve) => setTimeout(resolve, 400));
  await peer.up();
  expect((await asked).id).toBe('study-1');
});

it('a server that stays away is a NetworkError that names it, after retryForMs', async () => {
  await start({}, { retryForMs: 300 });
  await peer.down();
  const before = Date.now();
  const failure = await client.viewer().catch((error) => error);
  expect(failure).toBeInstanceOf(NetworkError);
  expect(failure.message).toBe(
    `${peer.url}/graphql could not be reached (ECONNREFUSED). Is the server running?`,
  );
  expect(Date.now() - before).toBeLessThan(600);
});

it('what is not idempotent is sent once', async () => {
  const trial = trialRecord();
  await start({
    study: () => studyRecord(),
    createStudy: () => studyRecord(),
    startStudy: () => studyRecord(),
    cloneStudy: () => studyRecord(),
    askTrials: () => [trial],
    enqueueTrials: () => [trial],
    retryTrial: () => trial,
    trial: () => trial,
  });
  const study = await client.studies.get('study-1');
  const looked = await client.trial('trial-1');
  peer.operations.length = 0;
  const calls = [
    () => client.studies.create(create),
    () => study.start({ trials: 3 }),
    () => study.clone({ name: 'again' }),
    () => study.ask(),
    () => study.enqueue([{}]),
    () => looked.retry(),
    () => client.mutate('mutation Own { deleteStudy(id: "study-1") }'),
  ];
  for (const call of calls) {
    peer.fates.push('lose answer');
    await expect(call()).rejects.toBeInstanceOf(NetworkError);
  }
  expect(peer.operations).toEqual([
    'CreateStudy',
    'StartStudy',
    'CloneStudy',
    'AskTrials',
    'EnqueueTrials',
    'RetryTrial',
    'Own',
  ]);
});

it('what changes nothing the second time is sent again', async () => {
  const trial = trialRecord();
  await start({
    study: () => studyRecord(),
    trial: () => trial,
    updateStudy: () => studyRecord({ tags: ['a'] }),
    pauseStudy: () => studyRecord({ state: 'PAUSED' }),
    stopStudy: () => studyRecord({ state: 'FINISHED' }),
    pauseTrial: () => trialRecord({ held: true }),
    resumeTrial: () => trial,
    stopTrial: () => trialRecord({ state: 'CANCELLED' }),
    heartbeatTrials: () => [trial],
    tellTrial: () => trialRecord({ state: 'COMPLETED' }),
  });
  const study = await client.studies.get('study-1');
  const looked = await client.trial('trial-1');
  const calls = [
    () => study.update({ tags: ['a'] }),
    () => study.pause(),
    () => study.stop(),
    () => looked.heartbeat(),
    () => looked.pause(),
    () => looked.resume(),
    () => looked.complete({ loss: 1 }),
    () => looked.stop(),
  ];
  for (const call of calls) {
    const before = peer.operations.length;
    peer.fates.push('lose answer', 'serve');
    await call();
    expect(peer.operations.length - before).toBe(2);
  }
  expect(study.state).toBe('FINISHED');
  expect(looked.state).toBe('CANCELLED');
});

it('an error of the server is a TrialgraphError with code, message and details, and not tried again', async () => {
  const faults = [{ path: 'name', message: 'must not be empty' }];
  await start({
    createStudy: () => {
      const extensions = { code: 'BAD_USER_INPUT', faults };
      throw new GraphQLError('name: must not be empty', { extensions });
    },
    viewer: () => {
      throw new GraphQLError('broken', { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    },
  });
  const failure = await client.studies.create({ ...create, name: '' }).catch((error) => error);
  expect(failure).toBeInstanceOf(TrialgraphError);
  expect(failure).toMatchObject({
    code: 'BAD_USER_INPUT',
    message: 'name: must not be empty',
    details: { faults },
  });
  await expect(client.viewer()).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  expect(peer.operations).toEqual(['CreateStudy', 'Viewer']);
});

it('a document that does not fit the schema is refused with every reason', async () => {
  await start({});
  await expect(client.query('query Q { viewer { nam } devices { kin } }')).rejects.toThrow(
    /"nam"(.|\n)*"kin"/,
  );
});

it('an answer of something else than the server is a NetworkError with its status and beginning', async () => {
  await start({});
  peer.fates.push({ status: 404, body: '<html>\n  Not here' });
  const failure = await client.viewer().catch((error) => error);
  expect(failure).toMatchObject({ name: 'NetworkError', status: 404 });
  expect(failure.message).toBe(`${peer.url}/graphql answered 404: <html> Not here`);
  expect(peer.operations).toHaveLength(1);
});

it('a server that does not answer in time is tried again', async () => {
  let calls = 0;
  await start(
    { viewer: () => (++calls === 1 ? new Promise(() => {}) : { name: 'admin', role: 'ADMIN' }) },
    { timeoutMs: 100 },
  );
  expect(await client.viewer()).toEqual({ name: 'admin', role: 'ADMIN' });
  expect(calls).toBe(2);
});

it('a signal ends a query with its reason, also between two tries', async () => {
  await start({ viewer: () => new Promise(() => {}) });
  const document = '{ viewer { name } }';
  const stopped = (signal: AbortSignal) => client.query(document, {}, { signal }).catch((error) => error);
  const waiting = new AbortController();
  setTimeout(() => waiting.abort('enough'), 50);
  expect(await stopped(waiting.signal)).toBe('enough');
  await peer.down();
  const retrying = new AbortController();
  setTimeout(() => retrying.abort('enough'), 500);
  expect(await stopped(retrying.signal)).toBe('enough');
});

it('the token goes with every request', async () => {
  await start({ viewer: () => ({ name: 'admin', role: 'ADMIN' }) }, { token: 'a-token-of-some-length' });
  let authorization: string | undefined;
  peer.onRequest = ({ headers }) => {
    authorization = headers.authorization;
  };
  await client.viewer();
  expect(authorization).toBe('Bearer a-token-of-some-length');
});

it('a base path of the URL is kept', async () => {
  await start({ viewer: () => ({ name: 'admin', role: 'ADMIN' }) });
  let path: string | undefined;
  peer.onRequest = ({ url }) => {
    path = url;
  };
  for (const base of ['/behind/a/proxy', '/behind/a/proxy/']) {
    await createClient({ url: peer.url + base }).viewer();
    expect(path).toBe('/behind/a/proxy/graphql');
  }
});

it('lists are read page by page, as far as they are iterated', async () => {
  const all = Array.from({ length: 250 }, (_, i) => studyRecord({ id: `study-${i}`, name: `s${i}` }));
  const filters: unknown[] = [];
  await start({
    studies: ({ first, after, filter }: { first: number; after?: string; filter?: unknown }) => {
      filters.push(filter);
      const from = Number(after ?? 0);
      const items = all.slice(from, from + first);
      const end = from + items.length;
      return {
        edges: items.map((node) => ({ node, cursor: '' })),
        pageInfo: { hasNextPage: end < all.length, endCursor: String(end) },
        totalCount: all.length,
      };
    },
  });
  const names: string[] = [];
  for await (const study of client.studies.list({ filter: { tags: ['a'] } })) names.push(study.name);
  expect(names).toEqual(all.map((study) => study.name));
  expect(filters).toEqual([{ tags: ['a'] }, { tags: ['a'] }, { tags: ['a'] }]);

  for await (const study of client.studies.list()) if (study.name === 's10') break;
  expect(filters).toHaveLength(4);

  const page = await client.studies.page({ first: 20, after: '240' });
  expect(page).toMatchObject({ totalCount: 250, hasNextPage: false, endCursor: '250' });
  expect(page.items.map((study) => study.name)).toEqual(names.slice(240));
});

it('what is not there is NOT_FOUND by id and null by name', async () => {
  await start({ study: () => null, trial: () => null, studyByName: () => null });
  await expect(client.studies.get('study-9')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(client.trial('trial-9')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await client.studies.byName('nothing')).toBeNull();
});

it('a typed document types its variables and its result', async () => {
  await start({ study: ({ id }: { id: string }) => studyRecord({ id }) });
  const document: TypedDocument<{ study: { id: string } | null }, { id: string }> =
    'query Own($id: ID!) { study(id: $id) { id } }';
  const { study } = await client.query(document, { id: 'study-5' });
  expect(study?.id).toBe('study-5');
  // @ts-expect-error the variables are missing
  await expect(client.query(document)).rejects.toThrow('$id');
});
