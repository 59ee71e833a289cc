import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import type { TableFormat } from '../../../src/execution/archive/archive-format.ts';
import { ZipReader } from '../../../src/execution/archive/zip-reader.ts';
import type { Engine } from '../../../src/execution/engine.ts';
import { DiskBlobStore } from '../../../src/storage/artifacts/disk-blob-store.ts';
import { StagingArea } from '../../../src/storage/artifacts/staging-area.ts';
import { readEvents } from '../../../src/storage/event-log.ts';
import { settleAll } from '../../../src/storage/metric-journal.ts';
import type { StudyRecord, TrialRecord } from '../../../src/storage/records.ts';
import { createTestEngine } from '../../support/engine.ts';

const directory = await mkdtemp(join(tmpdir(), 'trialgraph-archive-'));
afterAll(() => rm(directory, { recursive: true }));
const source = await createTestEngine();
const target = await createTestEngine({
  files: {
    blobs: new DiskBlobStore(join(directory, 'files')),
    staging: new StagingArea(join(directory, 'incoming')),
    maxBytes: 2 ** 20,
  },
});
await target.start();

const odd = 'odd "name", ü\n2nd line';
const values = [1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.1 + 0.2, 5e-324];

let studies = 0;
/** A study in which everything has happened that can. */
async function richStudy(): Promise<StudyRecord> {
  const { studyLife, trialLife, artifacts, trialLog } = source;
  const study = await studyLife.create({
    name: `rich ${++studies}`,
    project: 'archives',
    description: 'with "quotes"',
    objectives: [
      { metric: 'loss', direction: 'MINIMIZE' },
      { metric: odd, direction: 'MAXIMIZE' },
    ],
    constraints: [{ metric: 'size', comparison: 'LESS_OR_EQUAL', bound: 10 }],
    searchSpace: {
      rate: { type: 'float', low: 1e-5, high: 1, log: true },
      kind: { type: 'categorical', choices: ['a', 'b', true, 3, null] },
      depth: { type: 'int', low: 1, high: 5, when: { kind: 'a' } },
    },
    scalarisation: { kind: 'linear', weights: { loss: 1, [odd]: 2 } },
    sampler: { kind: 'tpe', seed: 4 },
    pruner: { kind: 'median' },
    stopRules: { maxTrials: 50 },
    tags: ['x', 'y'],
  });
  await trialLife.enqueue(study.id, [{ kind: null }, { rate: 0.5 }]);
  const ask = { studyId: study.id, worker: 'w', leaseMs: 60_000 };
  const [a, b, c, d] = await trialLife.ask({ ...ask, count: 4 });
  const steps = Int32Array.from([-(2 ** 31), -1, 0, 1, 2, 3, 2 ** 31 - 1]);
  const times = Float64Array.from(values, (_, i) => 1.7e12 + i / 3);
  const points = { steps, values: Float64Array.from(values), times };
  for (const name of ['loss', odd]) await trialLife.report({ trialId: a!.id, series: [{ name, ...points }] });
  await trialLife.report({ trialId: b!.id, series: [{ name: 'loss', ...points }] });
  // A step that is written again.
  await trialLife.report({
    trialId: b!.id,
    series: [
      { name: 'loss', steps: Int32Array.of(1), values: Float64Array.of(42), times: Float64Array.of(7) },
    ],
  });
  await source.trialNotes.annotate(b!.id, { notes: '# "odd", ü\n- list', tags: ['keep', odd] });
  await trialLog.report({ trialId: a!.id, entries: [{ time: 1, text: 'first\nsecond' }] });
  await trialLog.report({ trialId: a!.id, entries: [{ time: 2.5, text: 'third' }] });
  for (const [trial, name, text] of [
    [a, 'model/weights.bin', 'weights'],
    [b, 'copy.bin', 'weights'],
    [c, 'empty', ''],
  ] as const) {
    const content = Readable.from([Buffer.from(text)]);
    await artifacts.add({ trialId: trial!.id, name, contentType: 'application/x-test', content });
  }
  await trialLife.tell({ trialId: a!.id, state: 'COMPLETED', values: { loss: 1, [odd]: 2, size: 3 } });
  await trialLife.tell({ trialId: b!.id, state: 'COMPLETED', values: { loss: 1, [odd]: 2, size: 30 } });
  await trialLife.tell({ trialId: c!.id, state: 'FAILED', error: 'out of\nluck, "really"' });
  await trialLife.tell({ trialId: d!.id, state: 'PRUNED' });
  await trialLife.retry(c!.id);
  await studyLife.update(study.id, { tags: ['z'] });
  return studyLife.stop(study.id);
}

/** All that can be known of a study, with numbers for ids. */
async function contentsOf(
  { studies: store, trials, metrics, artifacts, trialLog, database }: Engine,
  id: number,
) {
  const { id: _, ...study } = await store.get(id);
  const all = await trials.all(id);
  const ids = all.map((trial) => trial.id);
  const numbers = new Map(all.map((trial) => [trial.id, trial.number]));
  const neutral = ({ id: trialId, studyId: _study, retryOf, ...trial }: TrialRecord) => ({
    ...trial,
    id: numbers.get(trialId),
    retryOf: retryOf === null ? null : numbers.get(retryOf),
  });
  const points = await metrics.read(ids, {});
  const files = [...(await artifacts.store.list(ids)).values()].flat();
  const events = await readEvents(database.pool, id, 0, 1000);
  return {
    study,
    trials: all.map(neutral),
    points: ids.map((trialId) =>
      points.get(trialId)!.map((series) => [series.name, series.steps, series.values, series.times]),
    ),
    log: await Promise.all(ids.map((trialId) => trialLog.store.read(trialId, 0, 100))),
    events: events.map(({ studyId: _study, trial, study: changed, ...event }) => ({
      ...event,
      trial: trial && neutral(trial),
      study: changed && { ...changed, id: null },
    })),
    files: await Promise.all(
      files.map(async (file) => ({
        ...file,
        trialId: numbers.get(file.trialId),
        content: (await buffer(await artifacts.open(file))).toString(),
      })),
    ),
  };
}

async function exported(study: StudyRecord, format: TableFormat): Promise<string> {
  const path = join(directory, `${study.id}-${format}.zip`);
  await pipeline(await source.archives.export(study.id, format), createWriteStream(path));
  return path;
}

async function imported(path: string, options = {}): Promise<StudyRecord> {
  return target.archives.import(Readable.from([await readFile(path)]), 2 ** 30, options);
}

async function textOf(path: string, name: string): Promise<string> {
  const zip = await ZipReader.open(path);
  const text = (await buffer(await zip.stream(name))).toString();
  zip.close();
  return text;
}

test.each(['csv', 'ndjson'] as const)(
  'an archive with points as %s gives an equal study on another server',
  async (format) => {
    const study = await richStudy();
    const copy = await imported(await exported(study, format));
    expect(await contentsOf(target, copy.id)).toEqual(await contentsOf(source, study.id));
    const names = async (engine: Engine, id: number) => (await engine.live.get(id)).view.trialCounts;
    expect(await names(target, copy.id)).toEqual(await names(source, study.id));
  },
);

test('the imported study goes on like any other', async () => {
  const study = await richStudy();
  const copy = await imported(await exported(study, 'csv'));
  await target.studyLife.start(copy.id, 1);
  const [trial] = await target.trialLife.ask({ studyId: copy.id, count: 1, worker: null, leaseMs: 60_000 });
  expect(trial!.number).toBe(study.trialCount);
  const events = await readEvents(target.database.pool, copy.id, study.lastEvent, 10);
  expect(events.map((event) => event.kind)).toEqual(['STUDY_STARTED', 'TRIAL_STARTED']);
  const loss = {
    name: 'loss',
    steps: Int32Array.of(0),
    values: Float64Array.of(1),
    times: Float64Array.of(0),
  };
  await target.trialLife.report({ trialId: trial!.id, series: [loss] });
});

test('a study that ran is paused, and the trials that ran wait again', async () => {
  const study = await source.studyLife.create({
    name: 'running',
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  });
  await source.trialLife.ask({ studyId: study.id, count: 2, worker: 'w', leaseMs: 60_000 });
  const copy = await imported(await exported(study, 'ndjson'));
  expect(copy.state).toBe('PAUSED');
  await expect
    .poll(async () => (await target.trials.all(copy.id)).map((trial) => trial.state), { timeout: 10_000 })
    .toEqual(['QUEUED', 'QUEUED']);
});

test('tables are what people and their tools expect', async () => {
  const study = await richStudy();
  const csv = await textOf(await exported(study, 'csv'), 'trials.csv');
  const [head, first] = csv.replace(odd.replaceAll('"', '""'), 'odd').split('\r\n');
  expect(head).toBe(
    'number,state,params.rate,params.kind,params.depth,values.loss,"values.odd",values.size,feasible,attempt,worker,device,backend,error,pruneReason,tags,notes,queuedAt,startedAt,finishedAt',
  );
  expect(first).toMatch(/^0,COMPLETED,[\d.e-]+,,,1,2,3,true,1,w,,,,,,,20/);

  const path = await exported(study, 'parquet');
  const parquet = async (name: string) => {
    const zip = await ZipReader.open(path);
    const bytes = await buffer(await zip.stream(name));
    zip.close();
    return parquetReadObjects({ file: new Uint8Array(bytes).buffer });
  };
  const trials = await parquet('trials.parquet');
  const stored = await source.trials.all(study.id);
  expect(
    trials.map((trial) => [trial.number, trial.state, trial['params.rate'], trial['values.loss']]),
  ).toEqual(
    stored.map(({ number, state, params, values: told }) => [
      number,
      state,
      params.rate ?? null,
      told?.loss ?? null,
    ]),
  );
  expect(trials[0]!.queuedAt).toEqual(stored[0]!.queuedAt);
  const points = (await parquet('points.parquet')).filter(({ trial, name }) => trial === 0 && name === odd);
  expect(points.map((point) => point.value)).toEqual(values);
  await expect(imported(path)).rejects.toThrow('--format csv or ndjson');
});

describe('an archive that cannot be used', () => {
  test('whose name is taken is refused, and may get another', async () => {
    const study = await richStudy();
    const path = await exported(study, 'csv');
    await imported(path);
    await expect(imported(path)).rejects.toMatchObject({ code: 'CONFLICT' });
    const other = await imported(path, { name: 'other', project: 'elsewhere' });
    expect(other).toMatchObject({ name: 'other', project: 'elsewhere' });
  });

  test.each([
    ['no zip', null, /is no zip archive/],
    ['without a file', { 'records/log.ndjson': undefined }, /records\/log.ndjson: is missing/],
    ['with a broken line', { 'records/trials.ndjson': '{"number":' }, /records\/trials.ndjson:1: is no JSON/],
    ['with a wrong row', { 'records/trials.ndjson': '{"number":-1}' }, /records\/trials.ndjson:1: number/],
    [
      'with a text that cannot be stored',
      { 'records/log.ndjson': '{"trial":0,"attempt":1,"times":[1],"lines":["\\u0000"]}' },
      /archive: /,
    ],
    [
      'that speaks of another trial',
      { 'records/log.ndjson': '{"trial":99,"attempt":1,"times":[1],"lines":["x"]}' },
      /speaks of trial 99/,
    ],
    [
      'with a file that is another',
      {
        'records/artifacts.ndjson': `{"trial":0,"name":"x","sha256":"${'0'.repeat(64)}","contentType":"a/b","createdAt":"2026-01-01T00:00:00.000Z"}`,
        [`files/${'0'.repeat(64)}`]: 'x',
      },
      /is not what its name says/,
    ],
    [
      'with a name that leads elsewhere',
      {
        'records/artifacts.ndjson': `{"trial":0,"name":"../x","sha256":"${'0'.repeat(64)}","contentType":"a/b","createdAt":"2026-01-01T00:00:00.000Z"}`,
      },
      /relative path/,
    ],
    [
      'with faulty settings',
      { 'study.json': '{"format":"trialgraph-study","version":2}' },
      /study.json: version/,
    ],
    [
      'with points that are none',
      { 'points.csv': 'trial,name,step,value,time\r\n0,loss,one,1,1\r\n' },
      /points.csv:2: step/,
    ],
  ])('%s is refused, and nothing of it is left', async (_, changes, message) => {
    const study = await richStudy();
    const path =
      changes === null ? import.meta.filename : await changed(await exported(study, 'csv'), changes);
    await untilSwept();
    const before = await rowCounts();
    await expect(imported(path, { name: `broken ${study.id}` })).rejects.toThrow(message);
    expect(await target.studies.findByName('archives', `broken ${study.id}`)).toBeNull();
    await untilSwept();
    expect(await rowCounts()).toEqual(before);
  });
});

test('a million points pass in both directions at bounded memory', async () => {
  const study = await source.studyLife.create({
    name: 'million',
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  });
  const trials = await source.trialLife.ask({ studyId: study.id, count: 50, worker: null, leaseMs: 600_000 });
  const steps = Int32Array.from({ length: 20_000 }, (_, i) => i);
  for (const trial of trials) {
    const noise = Float64Array.from(steps, (step) => Math.sin(step * (trial.number + 1)));
    await source.trialLife.report({
      trialId: trial.id,
      series: [
        {
          name: 'loss',
          steps,
          values: noise,
          times: Float64Array.from(steps, (step) => 1.7e12 + step * 100),
        },
      ],
    });
  }
  const finished = await source.studyLife.stop(study.id);
  const before = process.memoryUsage().rss;
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss - before);
  }, 20);
  const path = await exported(finished, 'csv');
  const copy = await target.archives.import(createReadStream(path), 2 ** 30, {});
  clearInterval(watch);
  const read = async (engine: Engine, id: number, number: number) => {
    const { id: trialId } = (await engine.trials.findByNumbers(id, [number]))[0]!;
    return (await engine.metrics.read([trialId], {})).get(trialId);
  };
  for (const number of [0, 24, 49]) {
    expect(await read(target, copy.id, number)).toEqual(await read(source, study.id, number));
  }
  expect(peak).toBeLessThan(200e6);
}, 120_000);

/** An archive with some of its files replaced, or left out. */
async function changed(path: string, changes: Record<string, string | undefined>): Promise<string> {
  const zip = await ZipReader.open(path);
  const result = new ZipFile();
  const names = [
    'study.json',
    'points.csv',
    ...['trials', 'events', 'log', 'artifacts'].map((name) => `records/${name}.ndjson`),
  ];
  for (const name of names) {
    if (!(name in changes)) result.addBuffer(await buffer(await zip.stream(name)), name);
  }
  for (const [name, content] of Object.entries(changes)) {
    if (content !== undefined) result.addBuffer(Buffer.from(content), name);
  }
  const files = (await textOf(path, 'records/artifacts.ndjson')).matchAll(/[0-9a-f]{64}/g);
  for (const digest of new Set(Array.from(files, ([match]) => match))) {
    result.addBuffer(await buffer(await zip.stream(`files/${digest}`)), `files/${digest}`);
  }
  zip.close();
  result.end();
  const changedPath = `${path}.changed`;
  await pipeline((result.outputStream as Readable).pipe(new PassThrough()), createWriteStream(changedPath));
  return changedPath;
}

/** Waits until nothing is left of studies that are gone: of this test or of those before it. */
async function untilSwept(): Promise<void> {
  target.bus.publish('studyDeleted', { studyId: 0 }); // wakes who tidies up
  const { pool } = target.database;
  await expect
    .poll(async () => (await pool.query('SELECT id FROM study WHERE deleted_at IS NOT NULL')).rows, {
      timeout: 10_000,
    })
    .toEqual([]);
  // Points that wait in the journal make rows of series later, of whatever study.
  await settleAll(pool);
}

async function rowCounts(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of [
    'study',
    'trial',
    'study_event',
    'metric_journal',
    'metric_series',
    'trial_log',
    'artifact',
    'artifact_blob',
  ]) {
    const { rows } = await target.database.pool.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM ${table}`,
    );
    counts[table] = rows[0]!.count;
  }
  return counts;
}
