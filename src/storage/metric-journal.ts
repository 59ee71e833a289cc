import type { Pool, PoolClient } from 'pg';
import { int4Array, textArray } from './binary-array.ts';
import type { MetricBatch, NamedPoints } from './metric-store.ts';
import { type SeriesPoints, storeSeries } from './store-series.ts';
import { withTransaction } from './transaction.ts';

/** One step of settling writes commits until it has this many points, so that nobody waits long for it. */
const pointsPerStep = 50_000;
/** The first key of an advisory lock; the second is the study. */
const advisoryLock = 72_707_371;

interface JournalRow {
  readonly commit: number;
  /** An entry for each series of each report; `points` of them lie in the columns. */
  readonly trialIds: readonly number[];
  readonly names: readonly string[];
  readonly points: readonly number[];
  /** Columns as they are in memory: int32 and float64, little-endian. */
  readonly steps: Buffer;
  readonly values: Buffer;
  readonly times: Buffer;
}

/**
 * Adds the points of batches to the journal, as part of the commit of their studies' clocks. A commit in the journal is
 * one row, whatever it holds; its series are written later, by `settleStudy`.
 *
 * All commits in a study's journal come after all that its series have: whoever writes to the series themselves settles
 * the study before, in the transaction that holds its clock.
 */
export async function addToJournal(client: PoolClient, batches: readonly MetricBatch[]): Promise<void> {
  const byStudy = new Map<number, { trialId: number; points: NamedPoints }[]>();
  for (const { studyId, trialId, series } of batches) {
    let entries = byStudy.get(studyId);
    if (entries === undefined) {
      entries = [];
      byStudy.set(studyId, entries);
    }
    for (const points of series) if (points.steps.length > 0) entries.push({ trialId, points });
  }
  await Promise.all(
    [...byStudy].map(async ([studyId, entries]) => {
      if (entries.length === 0) return;
      await client.query({
        name: 'add-to-journal',
        text: `INSERT INTO metric_journal (study_id, commit, trial_ids, names, points, steps, values, times)
         SELECT study_id, last_commit, $2::integer[], $3::text[], $4::integer[], $5::bytea, $6::bytea, $7::bytea
         FROM metric_clock WHERE study_id = $1`,
        values: [
          studyId,
          int4Array(entries.map(({ trialId }) => trialId)),
          textArray(entries.map(({ points }) => points.name)),
          int4Array(entries.map(({ points }) => points.steps.length)),
          joinBytes(entries.map(({ points }) => points.steps)),
          joinBytes(entries.map(({ points }) => points.values)),
          joinBytes(entries.map(({ points }) => points.times)),
        ],
      });
    }),
  );
}

/** Writes to their series what all journals hold. @returns how many commits that were */
export async function settleAll(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ studyId: number }>(
    'SELECT DISTINCT study_id AS "studyId" FROM metric_journal',
  );
  let commits = 0;
  for (const { studyId } of rows) commits += await settleStudy(pool, studyId);
  return commits;
}

/** The same for the studies of these trials. */
export async function settleTrials(pool: Pool, trialIds: readonly number[]): Promise<void> {
  if (trialIds.length === 0) return;
  const { rows } = await pool.query<{ studyId: number }>({
    name: 'journaled-studies',
    text: `SELECT DISTINCT study_id AS "studyId" FROM trial
     WHERE id = ANY ($1::integer[]) AND study_id IN (SELECT study_id FROM metric_journal)`,
    values: [int4Array(trialIds)],
  });
  for (const { studyId } of rows) await settleStudy(pool, studyId);
}

/** Writes to their series all commits that the study's journal holds now. @returns how many commits that were */
export async function settleStudy(pool: Pool, studyId: number): Promise<number> {
  let commits = 0;
  for (;;) {
    const step = await withTransaction(pool, (client) => settleStep(client, studyId));
    commits += step.commits;
    if (step.points < pointsPerStep) return commits;
  }
}

/** The same as part of a transaction that holds the study's clock. */
export async function settleWithin(client: PoolClient, studyId: number): Promise<void> {
  for (;;) {
    const { points } = await settleStep(client, studyId);
    if (points < pointsPerStep) return;
  }
}

/** Servers take turns; reports are not waited for, nor held up. */
async function settleStep(client: PoolClient, studyId: number): Promise<{ commits: number; points: number }> {
  await client.query('SELECT pg_advisory_xact_lock($1, $2)', [advisoryLock, studyId]);
  // Against the deletion of the study, which locks its clock as well; reports lock it in a way that this allows.
  const clock = await client.query('SELECT FROM metric_clock WHERE study_id = $1 FOR KEY SHARE', [studyId]);
  if (clock.rowCount === 0) return { commits: 0, points: 0 };
  const { rows } = await client.query<JournalRow>(
    `DELETE FROM metric_journal WHERE study_id = $1 AND commit IN (
       SELECT commit FROM (
         SELECT commit, sum(length(steps)) OVER (ORDER BY commit) - length(steps) AS bytes_before
         FROM metric_journal WHERE study_id = $1
       ) AS entry WHERE bytes_before < $2
     )
     RETURNING commit, trial_ids AS "trialIds", names, points, steps, values, times`,
    [studyId, pointsPerStep * Int32Array.BYTES_PER_ELEMENT],
  );
  if (rows.length === 0) return { commits: 0, points: 0 };
  rows.sort((a, b) => a.commit - b.commit);
  await storeSeries(client, bySeries(studyId, rows));
  return {
    commits: rows.length,
    points: rows.reduce((sum, { steps }) => sum + steps.length / Int32Array.BYTES_PER_ELEMENT, 0),
  };
}

/** What lies together in a row. */
interface Stretch {
  readonly row: JournalRow;
  readonly from: number;
  readonly count: number;
}

/** The points of each series, in writing order. */
function bySeries(studyId: number, rows: readonly JournalRow[]): SeriesPoints[] {
  const series = new Map<string, { trialId: number; name: string; count: number; stretches: Stretch[] }>();
  for (const row of rows) {
    let from = 0;
    for (let i = 0; i < row.points.length; i++) {
      const trialId = row.trialIds[i]!;
      const name = row.names[i]!;
      const count = row.points[i]!;
      const key = `${trialId}/${name}`;
      let entry = series.get(key);
      if (entry === undefined) {
        entry = { trialId, name, count: 0, stretches: [] };
        series.set(key, entry);
      }
      entry.count += count;
      entry.stretches.push({ row, from, count });
      from += count;
    }
  }
  return [...series.values()].map(({ trialId, name, count, stretches }) => ({
    studyId,
    trialId,
    points: { name, ...joinStretches(stretches, count) },
    commits: commitsOf(stretches),
  }));
}

function joinStretches(stretches: readonly Stretch[], count: number) {
  const columns = {
    steps: new Int32Array(count),
    values: new Float64Array(count),
    times: new Float64Array(count),
  };
  for (const key of ['steps', 'values', 'times'] as const) {
    const { buffer, BYTES_PER_ELEMENT: width } = columns[key];
    // As bytes: the driver's need not lie where an array of numbers can.
    const bytes = new Uint8Array(buffer);
    let at = 0;
    for (const { row, from, count: size } of stretches) {
      bytes.set(row[key].subarray(from * width, (from + size) * width), at);
      at += size * width;
    }
  }
  return columns;
}

/** A commit may have several reports of one series. */
function commitsOf(stretches: readonly Stretch[]): { commit: number; points: number }[] {
  const commits: { commit: number; points: number }[] = [];
  for (const { row, count } of stretches) {
    const last = commits.at(-1);
    if (last?.commit === row.commit) last.points += count;
    else commits.push({ commit: row.commit, points: count });
  }
  return commits;
}

function joinBytes(columns: readonly (Int32Array | Float64Array)[]): Buffer {
  const size = columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of columns) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}
