import type { Pool, PoolClient } from 'pg';
import { byteaArray, float8Array, int4Array, textArray } from './binary-array.ts';
import { encodeColumn } from './column-codec.ts';
import { concatPoints, summarise, toBytes } from './metric-columns.ts';
import type { AppendResult, MetricBatch, NamedPoints } from './metric-store.ts';
import { isDivisionByZero, withPipelinedTransaction, withTransaction } from './transaction.ts';

export interface MetricCommit {
  readonly studyId: number;
  readonly commit: number;
}

export interface StoredBatches {
  /** In the order of the batches. */
  readonly results: readonly AppendResult[];
  readonly commits: readonly MetricCommit[];
}

/** Stores batches in one transaction, in their order, under one commit number a study. */
export async function storeBatches(pool: Pool, batches: readonly MetricBatch[]): Promise<StoredBatches> {
  if (!hasRepetition(batches)) {
    try {
      return await withPipelinedTransaction(pool, (client) => storeAll(client, batches));
    } catch (error) {
      if (!isDivisionByZero(error)) throw error;
    }
  }
  return withTransaction(pool, (client) => storeSome(client, batches));
}

function hasRepetition(batches: readonly MetricBatch[]): boolean {
  const numbered = batches.filter(({ batch }) => batch !== null);
  return new Set(numbered.map(batchKey)).size < numbered.length;
}

function batchKey({ trialId, batch }: MetricBatch): string {
  return `${trialId}/${batch}`;
}

/** Without waiting for any answer. @throws the database's division by zero where not all batches are to be stored */
async function storeAll(client: PoolClient, batches: readonly MetricBatch[]): Promise<StoredBatches> {
  const [commitByStudy] = await Promise.all([
    advanceClocks(client, batches),
    failUnlessAllFit(client, batches),
    storeSeries(client, batches),
    rememberBatches(client, batches),
  ]);
  return {
    results: batches.map(({ studyId }) => ({ outcome: 'stored', commit: commitByStudy.get(studyId)! })),
    commits: [...commitByStudy].map(([studyId, commit]) => ({ studyId, commit })),
  };
}

/** Leaves out batches that are repeated or refused. */
async function storeSome(client: PoolClient, batches: readonly MetricBatch[]): Promise<StoredBatches> {
  // The clock's row lock comes before the check of the attempts: a later attempt's points commit after these.
  const [commitByStudy, running, repeated] = await Promise.all([
    advanceClocks(client, batches),
    runningAttempts(client, batches),
    repeatedBatches(client, batches),
  ]);

  const seen = new Set<string>();
  const results = batches.map((batch, i): AppendResult => {
    const commit = commitByStudy.get(batch.studyId);
    if (commit === undefined || running.get(batch.trialId) !== batch.attempt) return { outcome: 'refused' };
    const key = batchKey(batch);
    if (batch.batch !== null && (repeated.has(i) || seen.has(key)))
      return { outcome: 'repeated', commit: null };
    seen.add(key);
    return { outcome: 'stored', commit };
  });

  const stored = batches.filter((_, i) => results[i]!.outcome === 'stored');
  if (stored.length > 0) await Promise.all([storeSeries(client, stored), rememberBatches(client, stored)]);
  const studies = new Set(stored.map((batch) => batch.studyId));
  const unused = [...commitByStudy.keys()].filter((studyId) => !studies.has(studyId));
  if (unused.length > 0) await turnBackClocks(client, unused);
  return {
    results,
    commits: [...studies].map((studyId) => ({ studyId, commit: commitByStudy.get(studyId)! })),
  };
}

/**
 * The subqueries make PostgreSQL look up each trial by its key. A join it would begin with an index of all running
 * trials, and compare each of them with each batch.
 */
async function failUnlessAllFit(client: PoolClient, batches: readonly MetricBatch[]): Promise<void> {
  await client.query({
    name: 'fail-unless-all-fit',
    text: `SELECT 1 / (CASE WHEN bool_and(fits) THEN 1 ELSE 0 END) FROM (
       SELECT coalesce((
         SELECT trial.attempt = given.attempt AND trial.state = 'RUNNING'
         FROM trial JOIN metric_clock USING (study_id) WHERE trial.id = given.trial_id
       ), FALSE) AND NOT EXISTS (
         SELECT FROM metric_batches AS stored
         WHERE stored.trial_id = given.trial_id AND stored.attempt = given.attempt AND stored.numbers @> given.batch
       ) AS fits
       FROM unnest($1::integer[], $2::integer[], $3::integer[]) AS given (trial_id, attempt, batch)
     ) AS checked`,
    values: [
      int4Array(batches.map(({ trialId }) => trialId)),
      int4Array(batches.map(({ attempt }) => attempt)),
      int4Array(batches.map(({ batch }) => batch)),
    ],
  });
}

async function advanceClocks(
  client: PoolClient,
  batches: readonly MetricBatch[],
): Promise<Map<number, number>> {
  const { rows } = await client.query<{ studyId: number; commit: number }>({
    name: 'advance-clocks',
    text: `UPDATE metric_clock SET last_commit = last_commit + 1
     WHERE study_id IN (
       -- locked in one order everywhere, so two servers cannot deadlock
       SELECT study_id FROM metric_clock WHERE study_id = ANY ($1::integer[]) ORDER BY study_id FOR NO KEY UPDATE
     )
     RETURNING study_id AS "studyId", last_commit AS commit`,
    values: [int4Array([...new Set(batches.map((batch) => batch.studyId))])],
  });
  return new Map(rows.map((row) => [row.studyId, row.commit]));
}

/** For studies whose batches were all refused or repeated: commits are dense. */
async function turnBackClocks(client: PoolClient, studyIds: readonly number[]): Promise<void> {
  await client.query('UPDATE metric_clock SET last_commit = last_commit - 1 WHERE study_id = ANY ($1)', [
    studyIds,
  ]);
}

async function runningAttempts(
  client: PoolClient,
  batches: readonly MetricBatch[],
): Promise<Map<number, number>> {
  const { rows } = await client.query<{ id: number; attempt: number }>({
    name: 'running-attempts',
    text: `SELECT id, attempt FROM trial WHERE id = ANY ($1::integer[]) AND state = 'RUNNING'`,
    values: [int4Array([...new Set(batches.map((batch) => batch.trialId))])],
  });
  return new Map(rows.map((row) => [row.id, row.attempt]));
}

/** The places in `batches` of those whose number this attempt has stored before. */
async function repeatedBatches(client: PoolClient, batches: readonly MetricBatch[]): Promise<Set<number>> {
  const places = [...batches.keys()].filter((place) => batches[place]!.batch !== null);
  if (places.length === 0) return new Set();
  const { rows } = await client.query<{ place: number }>({
    name: 'repeated-batches',
    text: `SELECT place FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[]) AS given (place, trial_id, attempt, batch)
     JOIN metric_batches AS stored USING (trial_id, attempt) WHERE stored.numbers @> given.batch`,
    values: [
      int4Array(places),
      int4Array(places.map((place) => batches[place]!.trialId)),
      int4Array(places.map((place) => batches[place]!.attempt)),
      int4Array(places.map((place) => batches[place]!.batch)),
    ],
  });
  return new Set(rows.map((row) => row.place));
}

async function storeSeries(client: PoolClient, batches: readonly MetricBatch[]): Promise<void> {
  const series = groupSeries(batches).map((entry) => ({
    ...entry,
    ...summarise(entry.points),
  }));
  const columns = series.map(({ points }) => points);
  await client.query({
    name: 'store-series',
    text: `WITH stored AS (
       INSERT INTO metric_series AS series
         (study_id, trial_id, name, count, last_commit, last_step, last_time, last_value, min_value, max_value)
       SELECT study_id, trial_id, name, points, clock.last_commit, last_step, last_time, last_value, min, max
       FROM unnest($1::integer[], $2::integer[], $3::text[], $4::integer[], $5::integer[], $6::float8[], $7::float8[],
                   $8::float8[], $9::float8[])
         AS given (study_id, trial_id, name, points, last_step, last_time, last_value, min, max)
       JOIN metric_clock AS clock USING (study_id)
       ON CONFLICT (trial_id, name) DO UPDATE SET
         count = series.count + excluded.count,
         last_commit = excluded.last_commit,
         last_step = greatest(series.last_step, excluded.last_step),
         last_time = CASE WHEN excluded.last_step >= series.last_step THEN excluded.last_time ELSE series.last_time END,
         last_value = CASE WHEN excluded.last_step >= series.last_step THEN excluded.last_value ELSE series.last_value END,
         min_value = least(series.min_value, excluded.min_value),
         max_value = greatest(series.max_value, excluded.max_value)
       RETURNING id, trial_id, name, last_commit
     )
     INSERT INTO metric_chunk (series_id, commit, study_id, points, min_step, max_step, steps, values, times)
     SELECT stored.id, last_commit, study_id, points, min_step, max_step, steps, values, times
     FROM unnest($1::integer[], $2::integer[], $3::text[], $4::integer[], $10::integer[], $5::integer[], $11::bytea[],
                 $12::bytea[], $13::bytea[])
       AS given (study_id, trial_id, name, points, min_step, max_step, steps, values, times)
     JOIN stored USING (trial_id, name)`,
    values: [
      int4Array(series.map((entry) => entry.studyId)),
      int4Array(series.map((entry) => entry.trialId)),
      textArray(columns.map(({ name }) => name)),
      int4Array(columns.map(({ steps }) => steps.length)),
      int4Array(series.map((entry) => entry.lastStep)),
      float8Array(series.map((entry) => entry.lastTime)),
      float8Array(series.map((entry) => entry.lastValue)),
      float8Array(series.map((entry) => entry.min)),
      float8Array(series.map((entry) => entry.max)),
      int4Array(series.map((entry) => entry.minStep)),
      byteaArray(columns.map(({ steps }) => encodeColumn(steps))),
      byteaArray(columns.map(({ values }) => toBytes(values))),
      byteaArray(columns.map(({ times }) => encodeColumn(times))),
    ],
  });
}

/** One entry a series, the points of several batches in the order in which they came. */
function groupSeries(batches: readonly MetricBatch[]) {
  const groups = new Map<string, { studyId: number; trialId: number; name: string; parts: NamedPoints[] }>();
  for (const { studyId, trialId, series } of batches) {
    for (const points of series) {
      if (points.steps.length === 0) continue;
      const key = seriesKey(trialId, points.name);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { studyId, trialId, name: points.name, parts: [points] });
      else group.parts.push(points);
    }
  }
  return [...groups.values()].map(({ studyId, trialId, name, parts }) => ({
    studyId,
    trialId,
    points: { name, ...concatPoints(parts) },
  }));
}

function seriesKey(trialId: number, name: string): string {
  return `${trialId}/${name}`;
}

async function rememberBatches(client: PoolClient, batches: readonly MetricBatch[]): Promise<void> {
  const numbers = new Map<number, { attempt: number; batches: number[] }>();
  for (const { trialId, attempt, batch } of batches) {
    if (batch === null) continue;
    const entry = numbers.get(trialId);
    if (entry === undefined) numbers.set(trialId, { attempt, batches: [batch] });
    else entry.batches.push(batch);
  }
  if (numbers.size === 0) return;
  await client.query({
    name: 'remember-batches',
    text: `INSERT INTO metric_batches AS stored (trial_id, attempt, numbers)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::int4multirange[])
     ON CONFLICT (trial_id) DO UPDATE SET
       attempt = excluded.attempt,
       numbers = CASE WHEN stored.attempt = excluded.attempt THEN stored.numbers + excluded.numbers ELSE excluded.numbers END`,
    values: [
      int4Array([...numbers.keys()]),
      int4Array([...numbers.values()].map((entry) => entry.attempt)),
      [...numbers.values()].map((entry) => `{${entry.batches.map(toRange).join(',')}}`),
    ],
  });
}

/** A range of one number. PostgreSQL stores the end as the number after it, which the greatest int32 has not. */
function toRange(batch: number): string {
  return batch === 0x7fffffff ? `[${batch},)` : `[${batch},${batch}]`;
}
