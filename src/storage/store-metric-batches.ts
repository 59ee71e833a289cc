import type { Pool, PoolClient } from 'pg';
import { int4Array } from './binary-array.ts';
import { concatPoints } from './metric-columns.ts';
import { addToJournal, settleWithin } from './metric-journal.ts';
import type { AppendResult, MetricBatch, NamedPoints } from './metric-store.ts';
import { type SeriesPoints, storeSeries } from './store-series.ts';
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

/** A commit of more points than this goes to its series at once, as does one of many points a series. */
const maxJournaledPoints = 10_000;

/**
 * Stores batches in one transaction, in their order, under one commit number a study.
 * @param journaledPoints a commit of so many points a series, or fewer, waits in the journal for others
 */
export async function storeBatches(
  pool: Pool,
  batches: readonly MetricBatch[],
  journaledPoints: number,
): Promise<StoredBatches> {
  const isJournaled = isForJournal(batches, journaledPoints);
  if (!hasRepetition(batches)) {
    try {
      return await withPipelinedTransaction(pool, (client) => storeAll(client, batches, isJournaled));
    } catch (error) {
      if (!isDivisionByZero(error)) throw error;
    }
  }
  return withTransaction(pool, (client) => storeSome(client, batches, isJournaled));
}

function isForJournal(batches: readonly MetricBatch[], pointsPerSeries: number): boolean {
  let points = 0;
  let entries = 0;
  for (const { series } of batches) {
    entries += series.length;
    for (const { steps } of series) points += steps.length;
  }
  return points <= Math.min(maxJournaledPoints, entries * pointsPerSeries);
}

function hasRepetition(batches: readonly MetricBatch[]): boolean {
  const numbered = batches.filter(({ batch }) => batch !== null);
  return new Set(numbered.map(batchKey)).size < numbered.length;
}

function batchKey({ trialId, batch }: MetricBatch): string {
  return `${trialId}/${batch}`;
}

/** Without waiting for any answer. @throws the database's division by zero where not all batches are to be stored */
async function storeAll(
  client: PoolClient,
  batches: readonly MetricBatch[],
  isJournaled: boolean,
): Promise<StoredBatches> {
  const [commitByStudy] = await Promise.all([
    advanceClocks(client, batches),
    failUnlessAllFit(client, batches),
    isJournaled ? addToJournal(client, batches) : storeUnlessJournaled(client, batches),
    rememberBatches(client, batches),
  ]);
  return {
    results: batches.map(({ studyId }) => ({ outcome: 'stored', commit: commitByStudy.get(studyId)! })),
    commits: [...commitByStudy].map(([studyId, commit]) => ({ studyId, commit })),
  };
}

/** Leaves out batches that are repeated or refused. */
async function storeSome(
  client: PoolClient,
  batches: readonly MetricBatch[],
  isJournaled: boolean,
): Promise<StoredBatches> {
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
  const studies = new Set(stored.map((batch) => batch.studyId));
  if (!isJournaled) for (const studyId of studies) await settleWithin(client, studyId);
  if (stored.length > 0) {
    await Promise.all([
      isJournaled ? addToJournal(client, stored) : storeSeries(client, groupSeries(stored)),
      rememberBatches(client, stored),
    ]);
  }
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

/** @throws the database's division by zero where a study has commits in the journal: those come first */
async function storeUnlessJournaled(client: PoolClient, batches: readonly MetricBatch[]): Promise<void> {
  await Promise.all([
    client.query({
      name: 'fail-if-journaled',
      text: `SELECT 1 / (CASE WHEN EXISTS (SELECT FROM metric_journal WHERE study_id = ANY ($1::integer[])) THEN 0 ELSE 1 END)`,
      values: [int4Array(studiesOf(batches))],
    }),
    storeSeries(client, groupSeries(batches)),
  ]);
}

/** A statement a study, in one order everywhere, so that two servers cannot deadlock. */
async function advanceClocks(
  client: PoolClient,
  batches: readonly MetricBatch[],
): Promise<Map<number, number>> {
  const results = await Promise.all(
    studiesOf(batches).map((studyId) =>
      // No subquery that locks: with it, two that wait for a third can each hold what the other wants of the row.
      client.query<{ studyId: number; commit: number }>({
        name: 'advance-clock',
        text: `UPDATE metric_clock SET last_commit = last_commit + 1 WHERE study_id = $1
         RETURNING study_id AS "studyId", last_commit AS commit`,
        values: [studyId],
      }),
    ),
  );
  return new Map(results.flatMap(({ rows }) => rows.map((row) => [row.studyId, row.commit])));
}

/** Ascending. */
function studiesOf(batches: readonly MetricBatch[]): number[] {
  return [...new Set(batches.map((batch) => batch.studyId))].sort((a, b) => a - b);
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

/** One entry a series, the points of several batches in the order in which they came. */
function groupSeries(batches: readonly MetricBatch[]): SeriesPoints[] {
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
    commits: null,
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
