import type { PoolClient } from 'pg';
import { concatPoints, summarise, toBytes } from './metric-columns.ts';
import type { AppendResult, MetricBatch, NamedPoints } from './metric-store.ts';

export interface MetricCommit {
  readonly studyId: number;
  readonly commit: number;
}

/**
 * Stores batches in one transaction, in their order, under one commit number a study; the results are in their order.
 */
export async function storeBatches(
  client: PoolClient,
  batches: readonly MetricBatch[],
): Promise<{ results: AppendResult[]; commits: MetricCommit[] }> {
  // The clock's row lock comes before the check of the attempts: a later attempt's points commit after these.
  const commitByStudy = await advanceClocks(client, batches);
  const running = await runningAttempts(client, batches);
  const repeated = await repeatedBatches(client, batches);

  const seen = new Set<string>();
  const results = batches.map((batch, i): AppendResult => {
    const commit = commitByStudy.get(batch.studyId);
    if (commit === undefined || running.get(batch.trialId) !== batch.attempt) return { outcome: 'refused' };
    const key = `${batch.trialId}/${batch.batch}`;
    if (batch.batch !== null && (repeated.has(i) || seen.has(key)))
      return { outcome: 'repeated', commit: null };
    seen.add(key);
    return { outcome: 'stored', commit };
  });

  const stored = batches.filter((_, i) => results[i]!.outcome === 'stored');
  if (stored.length > 0) {
    await storeSeries(client, stored, commitByStudy);
    await rememberBatches(client, stored);
  }
  const studies = new Set(stored.map((batch) => batch.studyId));
  const unused = [...commitByStudy.keys()].filter((studyId) => !studies.has(studyId));
  if (unused.length > 0) await turnBackClocks(client, unused);
  return {
    results,
    commits: [...studies].map((studyId) => ({ studyId, commit: commitByStudy.get(studyId)! })),
  };
}

async function advanceClocks(
  client: PoolClient,
  batches: readonly MetricBatch[],
): Promise<Map<number, number>> {
  const { rows } = await client.query<{ studyId: number; commit: number }>(
    `UPDATE metric_clock SET last_commit = last_commit + 1
     WHERE study_id IN (
       -- locked in one order everywhere, so two servers cannot deadlock
       SELECT study_id FROM metric_clock WHERE study_id = ANY ($1) ORDER BY study_id FOR UPDATE
     )
     RETURNING study_id AS "studyId", last_commit AS commit`,
    [[...new Set(batches.map((batch) => batch.studyId))]],
  );
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
  const { rows } = await client.query<{ id: number; attempt: number }>(
    `SELECT id, attempt FROM trial WHERE id = ANY ($1) AND state = 'RUNNING'`,
    [[...new Set(batches.map((batch) => batch.trialId))]],
  );
  return new Map(rows.map((row) => [row.id, row.attempt]));
}

/** The places in `batches` of those whose number this attempt has stored before. */
async function repeatedBatches(client: PoolClient, batches: readonly MetricBatch[]): Promise<Set<number>> {
  const { rows } = await client.query<{ place: number }>(
    `SELECT place FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[]) AS given (place, trial_id, attempt, batch)
     JOIN metric_batches AS stored USING (trial_id, attempt) WHERE stored.numbers @> given.batch`,
    [
      batches.map((_, place) => place),
      batches.map((batch) => batch.trialId),
      batches.map((batch) => batch.attempt),
      batches.map((batch) => batch.batch),
    ],
  );
  return new Set(rows.map((row) => row.place));
}

async function storeSeries(
  client: PoolClient,
  batches: readonly MetricBatch[],
  commitByStudy: ReadonlyMap<number, number>,
): Promise<void> {
  const series = groupSeries(batches).map((entry) => ({
    ...entry,
    commit: commitByStudy.get(entry.studyId)!,
    ...summarise(entry.points),
  }));
  const { rows } = await client.query<{ id: string; trialId: number; name: string }>(
    `INSERT INTO metric_series AS series
       (study_id, trial_id, name, count, last_commit, last_step, last_time, last_value, min_value, max_value)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::text[], $4::integer[], $5::integer[], $6::integer[],
                          $7::float8[], $8::float8[], $9::float8[], $10::float8[])
     ON CONFLICT (trial_id, name) DO UPDATE SET
       count = series.count + excluded.count,
       last_commit = excluded.last_commit,
       last_step = greatest(series.last_step, excluded.last_step),
       last_time = CASE WHEN excluded.last_step >= series.last_step THEN excluded.last_time ELSE series.last_time END,
       last_value = CASE WHEN excluded.last_step >= series.last_step THEN excluded.last_value ELSE series.last_value END,
       min_value = least(series.min_value, excluded.min_value),
       max_value = greatest(series.max_value, excluded.max_value)
     RETURNING id, trial_id AS "trialId", name`,
    [
      series.map((entry) => entry.studyId),
      series.map((entry) => entry.trialId),
      series.map((entry) => entry.points.name),
      series.map((entry) => entry.points.steps.length),
      series.map((entry) => entry.commit),
      series.map((entry) => entry.lastStep),
      series.map((entry) => entry.lastTime),
      series.map((entry) => entry.lastValue),
      series.map((entry) => entry.min),
      series.map((entry) => entry.max),
    ],
  );
  const ids = new Map(rows.map((row) => [seriesKey(row.trialId, row.name), row.id]));
  await client.query(
    `INSERT INTO metric_chunk (series_id, commit, steps, values, times)
     SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bytea[], $4::bytea[], $5::bytea[])`,
    [
      series.map((entry) => ids.get(seriesKey(entry.trialId, entry.points.name))),
      series.map((entry) => entry.commit),
      series.map((entry) => toBytes(entry.points.steps)),
      series.map((entry) => toBytes(entry.points.values)),
      series.map((entry) => toBytes(entry.points.times)),
    ],
  );
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
  await client.query(
    `INSERT INTO metric_batches AS stored (trial_id, attempt, numbers)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::int4multirange[])
     ON CONFLICT (trial_id) DO UPDATE SET
       attempt = excluded.attempt,
       numbers = CASE WHEN stored.attempt = excluded.attempt THEN stored.numbers + excluded.numbers ELSE excluded.numbers END`,
    [
      [...numbers.keys()],
      [...numbers.values()].map((entry) => entry.attempt),
      [...numbers.values()].map((entry) => `{${entry.batches.map(toRange).join(',')}}`),
    ],
  );
}

/** A range of one number. PostgreSQL stores the end as the number after it, which the greatest int32 has not. */
function toRange(batch: number): string {
  return batch === 0x7fffffff ? `[${batch},)` : `[${batch},${batch}]`;
}
