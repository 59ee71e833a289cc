import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import type { NewStudy } from '../../src/execution/parse-study-settings.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { readCommand } from '../../src/trainables/command/command.ts';
import { builtinTrainables } from '../../src/trainables/registry.ts';
import { startApi } from '../support/api-server.ts';
import { createTestEngine } from '../support/engine.ts';

vi.setConfig({ testTimeout: 60_000 });
const patient = { timeout: 50_000, interval: 50 };

const folder = mkdtempSync(join(tmpdir(), 'trialgraph-command-studies-'));
afterAll(() => rmSync(folder, { recursive: true }));
/** Shows its token and goes on until it is stopped. */
writeFileSync(join(folder, 'wait.sh'), '#!/bin/sh\necho "token $TRIALGRAPH_TOKEN"\nexec sleep 1000\n');
writeFileSync(join(folder, 'silent.sh'), '#!/bin/sh\necho nothing\n');
for (const name of ['wait', 'silent']) {
  chmodSync(join(folder, `${name}.sh`), 0o755);
  const declared = { name, command: [`./${name}.sh`], space: { x: { type: 'float', low: 0, high: 1 } } };
  writeFileSync(
    join(folder, `${name}.command.json`),
    JSON.stringify({ ...declared, metrics: ['loss'], device: 'cpu' }),
  );
}

const hasPython = (() => {
  try {
    execFileSync('python3', ['-c', 'import urllib.request'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasPython) console.warn('The examples of commands are skipped: there is no python3 in PATH.');

const examples = ['line-fit', 'line-fit-printed'].map((name) => `examples/command/${name}.command.json`);
const declared = [join(folder, 'wait.command.json'), join(folder, 'silent.command.json')];
const commands = [...declared, ...(hasPython ? examples : [])].map((file) =>
  readCommand(readFileSync(file, 'utf8'), resolve(file)),
);
const engine = await createTestEngine({
  trainables: new Map([
    ...builtinTrainables(),
    ...commands.map((command) => [command.name, command] as const),
  ]),
});
const api = await startApi(engine, { token: 'the token of the server' });
await engine.start(api.url);

let studies = 0;
async function startStudy(settings: Partial<NewStudy>): Promise<number> {
  const { id } = await engine.studyLife.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    sampler: { kind: 'random', seed: 1 },
    stopRules: { maxTrials: 4 },
    ...settings,
  });
  await engine.studyLife.start(id, null);
  return id;
}
const finished = async (id: number): Promise<TrialRecord[]> => {
  await expect.poll(() => engine.studies.get(id), patient).toMatchObject({ state: 'FINISHED' });
  return engine.trials.all(id);
};
const logOf = async ({ id }: TrialRecord) =>
  (await engine.trialLog.store.read(id, 0, 1000)).map(({ text }) => text);

describe.skipIf(!hasPython)('the examples', () => {
  test('one prints its metrics', async () => {
    const trials = await finished(await startStudy({ trainable: 'line-fit-printed' }));
    expect(trials.map(({ state, error }) => [state, error])).toEqual(trials.map(() => ['COMPLETED', null]));
    // Without a line it would be about 4.
    expect(Math.min(...trials.map(({ values }) => values!.loss!))).toBeLessThan(0.5);
    const series = (await engine.metrics.read([trials[0]!.id], {})).get(trials[0]!.id)!;
    expect(series.map(({ name, steps }) => [name, steps.length])).toEqual([
      ['loss', 100],
      ['slope', 100],
    ]);
    expect((await logOf(trials[0]!)).at(-1)).toMatch(/^done: the line is/);
    expect(trials[0]).toMatchObject({ totalSteps: 100, backend: null, worker: 'server:test' });
  });

  test('one reports through the API with its own token, and stores a file', async () => {
    const trials = await finished(
      await startStudy({
        trainable: 'line-fit',
        trainableOptions: { steps: 50 },
        stopRules: { maxTrials: 3 },
      }),
    );
    expect(trials.map(({ state, error }) => [state, error])).toEqual(trials.map(() => ['COMPLETED', null]));
    for (const { id } of trials) {
      const [loss] = (await engine.metrics.read([id], {})).get(id)!;
      expect([loss!.name, loss!.steps.length]).toEqual(['loss', 50]);
      const [file] = (await engine.artifacts.store.list([id]))
        .get(id)!
        .filter(({ name }) => name === 'line.json');
      expect(JSON.parse(String(await buffer(await engine.artifacts.open(file!))))).toMatchObject({
        a: expect.any(Number),
      });
    }
  });

  test('it is paused by its pruner, and goes on from its checkpoint', async () => {
    const id = await startStudy({
      trainable: 'line-fit',
      trainableOptions: { steps: 100, pause: 0.01 },
      pruner: { kind: 'asha', promotion: true, minResource: 20, reductionFactor: 2 },
      stopRules: { maxTrials: 4 },
    });
    const trials = await finished(id);
    const promoted = trials.filter(({ promotions }) => promotions > 0);
    expect(promoted.length).toBeGreaterThan(0);
    for (const trial of promoted) {
      expect(await logOf(trial)).toContainEqual(expect.stringMatching(/^going on after step \d+$/));
      const [loss] = (await engine.metrics.read([trial.id], {})).get(trial.id)!;
      expect(new Set(loss!.steps).size).toBe(loss!.steps.length);
    }
    expect(trials.filter(({ state }) => state === 'FAILED')).toEqual([]);
  });
});

test('a program that ends well but has reported nothing has failed, and says what is missing', async () => {
  const [trial] = await finished(await startStudy({ trainable: 'silent', stopRules: { maxTrials: 1 } }));
  expect(trial).toMatchObject({ state: 'FAILED', error: expect.stringContaining('values.loss: is missing') });
});

test('a program that takes too long is ended', async () => {
  const [trial] = await finished(
    await startStudy({ trainable: 'wait', trialTimeoutSeconds: 1, stopRules: { maxTrials: 1 } }),
  );
  expect(trial).toMatchObject({ state: 'FAILED', error: expect.stringMatching(/^It ran for longer/) });
  await expect.poll(() => engine.devices.read()[0]!.runningTrials, patient).toBe(0);
});

describe('the token of a program', () => {
  let studyId = 0;
  let tokens: string[] = [];
  let [own, other, token] = ['', '', ''];
  beforeAll(async () => {
    studyId = await startStudy({ trainable: 'wait', stopRules: { maxTrials: 2 } });
    while (tokens.length < 2) {
      await sleep(50);
      const logs = await Promise.all((await engine.trials.all(studyId)).map(logOf));
      tokens = logs.flat().map((line) => line.replace('token ', ''));
    }
    [own, other] = (await engine.trials.all(studyId)).map(({ id }) => `trial-${id}`) as [string, string];
    token = tokens[0]!;
  }, 60_000);

  const graphql = async (query: string, variables: object = {}, bearer: string = token) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as {
      data?: Record<string, unknown>;
      errors?: { extensions: { code: string } }[];
    };
    return errors?.[0]?.extensions.code ?? data;
  };
  const report = (trial: string, attempt: number | null = null) =>
    graphql('mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted } }', {
      input: { trial, attempt, series: [{ name: 'loss', steps: [1], values: [0.5] }] },
    });
  const file = async (method: string, path: string) =>
    (
      await fetch(api.url + path, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(method === 'PUT' ? { body: 'x' } : {}),
      })
    ).status;

  test('is for its own trial and attempt', async () => {
    expect(await report(own)).toEqual({ reportMetrics: { accepted: 1 } });
    expect(await report(own, 1)).toEqual({ reportMetrics: { accepted: 1 } });
    expect(await graphql('{ viewer { name role } }')).toEqual({ viewer: { name: own, role: 'TRIAL' } });
    expect(
      await graphql('query ($id: ID!) { trial(id: $id) { number state params study { id name } } }', {
        id: own,
      }),
    ).toMatchObject({ trial: { state: 'RUNNING' } });
    expect(
      await graphql('mutation ($id: [ID!]!) { heartbeatTrials(ids: $id) { id } }', { id: [own] }),
    ).toMatchObject({ heartbeatTrials: [{ id: own }] });
    expect(await file('PUT', `/artifacts/${own}/a.txt`)).toBe(201);
    expect(await file('GET', `/artifacts/${own}/a.txt`)).toBe(200);
    expect(await file('DELETE', `/artifacts/${own}/a.txt?attempt=1`)).toBe(204);
  });

  test.each([
    ['reads studies', '{ studies { totalCount } }', () => ({})],
    [
      'reads a study of its trial',
      'query ($id: ID!) { trial(id: $id) { study { trialCounts { total } } } }',
      () => ({ id: own }),
    ],
    ['reads another trial', 'query ($id: ID!) { trial(id: $id) { id } }', () => ({ id: other })],
    ['reads any node', 'query ($id: ID!) { node(id: $id) { id } }', () => ({ id: own })],
    ['tells another', 'mutation ($id: ID!) { tellTrial(id: $id, input: {}) { id } }', () => ({ id: other })],
    [
      'tells another attempt',
      'mutation ($id: ID!) { tellTrial(id: $id, input: {attempt: 2}) { id } }',
      () => ({ id: own }),
    ],
    ['stops', 'mutation ($id: ID!) { stopTrial(id: $id) { id } }', () => ({ id: own })],
    ['asks', 'mutation ($id: ID!) { askTrials(study: $id) { id } }', () => ({ id: `study-${studyId}` })],
    ['deletes', 'mutation ($id: ID!) { deleteStudy(id: $id) }', () => ({ id: `study-${studyId}` })],
    [
      'beats for others',
      'mutation ($id: [ID!]!) { heartbeatTrials(ids: $id) { id } }',
      () => ({ id: [own, other] }),
    ],
  ])('is refused to who %s', async (_, query, variables) => {
    expect(await graphql(query, variables())).toBe('FORBIDDEN');
    // The second time the document is known.
    expect(await graphql(query, variables())).toBe('FORBIDDEN');
  });

  test('is refused for other files, exports and live streams', async () => {
    expect(await report(other)).toBe('FORBIDDEN');
    expect(await report(own, 2)).toBe('FORBIDDEN');
    expect(await file('PUT', `/artifacts/${other}/a.txt`)).toBe(403);
    expect(await file('GET', `/artifacts/${other}/a.txt`)).toBe(403);
    expect(await file('PUT', `/artifacts/${own}/a.txt?attempt=2`)).toBe(403);
    expect(await file('GET', `/export/study-${studyId}.zip`)).toBe(403);
    expect(await subscribe(`subscription { devices { name } }`)).toMatch(/FORBIDDEN/);
  });

  test('ends with its run', async () => {
    await engine.trialLife.stop((await engine.trials.all(studyId))[0]!.id);
    await expect.poll(() => report(own), patient).toBe('UNAUTHENTICATED');
    expect(await graphql('{ viewer { name } }', {}, tokens[1])).toEqual({ viewer: { name: other } });
    expect(await file('GET', `/artifacts/${own}/a.txt`)).toBe(401);
    expect(await graphql('{ viewer { name } }', {}, 'trial_made-up')).toBe('UNAUTHENTICATED');
    await engine.studyLife.stop(studyId);
  });

  function subscribe(query: string): Promise<string> {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    return new Promise((resolveMessage, reject) => {
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { token } })));
      socket.on('error', reject);
      socket.on('message', (data) => {
        if (JSON.parse(String(data)).type === 'connection_ack') {
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        } else {
          socket.close();
          resolveMessage(String(data));
        }
      });
    });
  }
});
