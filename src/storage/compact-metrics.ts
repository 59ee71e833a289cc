import type { Pool, PoolClient } from 'pg';
import { byteaArray, int4Array } from './binary-array.ts';
import { encodeColumn } from './column-codec.ts';
import { summarise, toBytes } from './metric-columns.ts';
import { commitsOf, encodeCommits, type PointsOfCommit } from './metric-parts.ts';
import { decodeRows, groupNeighbours, type PointsRow } from './metric-rows.ts';
import type { MetricPoints } from './metric-store.ts';
import { withTransaction } from './transaction.ts';

export interface CompactionSizes {
  /** A block is not made larger than this; a chunk that is, becomes several. */
  readonly blockPoints: number;
  /** Chunks of a running trial are merged once they are worth it: as many points, or as many chunks. */
  readonly enoughPoints: number;
  readonly enoughChunks: number;
}

const defaultSizes: CompactionSizes = { blockPoints: 4096, enoughPoints: 1024, enoughChunks: 64 };
/** One step is a transaction over at most this many series, and little more than this many points. */
const seriesPerStep = 50;
const pointsPerStep = 200_000;
const advisoryLock = 72_707_370;

interface StoredRow extends PointsRow {
  readonly seriesId: string;
  /** Of a block; null: a chunk. */
  readonly start: number | null;
  readonly firstCommit: number;
  readonly commits: Buffer | null;
}

/** The points of one series that will lie in blocks, in writing order. */
interface Stretch {
  readonly seriesId: string;
  readonly start: number;
  readonly points: MetricPoints;
  /** Which commits stored them, and how many each. */
  readonly commits: readonly PointsOfCommit[];
}

/**
 * Merges chunks of some series of one study into blocks. Commits keep their numbers and their points, so no reader can
 * tell. Servers take turns; reports are not waited for, nor held up.
 * @returns how many chunks went; 0: there is nothing to do, or another server does it
 */
export function compactStep(pool: Pool, sizes: CompactionSizes = defaultSizes): Promise<number> {
  return withTransaction(pool, async (client) => {
    const { rows: locks } = await client.query<{ isOurs: boolean }>(
      'SELECT pg_try_advisory_xact_lock($1) AS "isOurs"',
      [advisoryLock],
    );
    if (!locks[0]!.isOurs) return 0;
    const candidates = await findCandidates(client, sizes);
    const studyId = candidates[0]?.studyId;
    if (studyId === undefined) return 0;
    // Against the deletion of the study, which locks its clock as well; reports lock it in a way that this allows.
    const clock = await client.query(
      'SELECT FROM metric_clock WHERE study_id = $1 FOR KEY SHARE SKIP LOCKED',
      [studyId],
    );
    if (clock.rowCount === 0) return 0;
    const ids = candidates.filter((entry) => entry.studyId === studyId).map(({ seriesId }) => seriesId);
    return merge(client, studyId, ids, sizes.blockPoints);
  });
}

async function findCandidates(client: PoolClient, { enoughPoints, enoughChunks }: CompactionSizes) {
  const { rows } = await client.query<{ seriesId: string; studyId: number }>(
    `SELECT "seriesId", "studyId" FROM (
       SELECT series_id AS "seriesId", chunk.study_id AS "studyId", sum(points) OVER (ORDER BY chunk.study_id, series_id) - points AS before
       FROM (
         SELECT series_id, study_id, count(*) AS chunks, sum(points) AS points FROM metric_chunk
         GROUP BY series_id, study_id
       ) AS chunk
       JOIN metric_series AS series ON series.id = series_id
       JOIN trial ON trial.id = series.trial_id
       WHERE points >= $1 OR chunks >= $2 OR trial.state <> 'RUNNING'
     ) AS candidate
     WHERE before < $3 ORDER BY before LIMIT $4`,
    [enoughPoints, enoughChunks, pointsPerStep, seriesPerStep],
  );
  return rows;
}

async function merge(
  client: PoolClient,
  studyId: number,
  seriesIds: readonly string[],
  blockPoints: number,
): Promise<number> {
  // One statement, so that both parts are of one moment; a last block that is not full is made anew with the rest.
  const { rows } = await client.query<StoredRow>(
    `WITH chunk AS (DELETE FROM metric_chunk WHERE series_id = ANY ($1) RETURNING *),
     last AS (
       SELECT DISTINCT ON (series_id) * FROM metric_block WHERE series_id = ANY ($1) ORDER BY series_id, start DESC
     ),
     reopened AS (
       DELETE FROM metric_block AS block USING last
       WHERE block.series_id = last.series_id AND block.start = last.start AND block.points < $2 RETURNING block.*
     )
     SELECT series_id AS "seriesId", start, first_commit AS "firstCommit", points, commits, steps, values, times
     FROM reopened
     UNION ALL
     SELECT series_id, NULL, first_commit, points, commits, steps, values, times FROM chunk
     ORDER BY 1, 2 NULLS LAST, 3`,
    [seriesIds, blockPoints],
  );
  const ends = await endsOfBlocks(client, seriesIds);
  const stretches = groupNeighbours(rows, (row) => row.seriesId).map((group) =>
    toStretch(group, ends.get(group[0]!.seriesId) ?? 0),
  );
  await insertBlocks(
    client,
    studyId,
    stretches.flatMap((stretch) => intoBlocks(stretch, blockPoints)),
  );
  return rows.filter((row) => row.start === null).length;
}

/** How many points of each series lie in the blocks that are left. */
async function endsOfBlocks(client: PoolClient, seriesIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await client.query<{ seriesId: string; end: number }>(
    `SELECT series_id AS "seriesId", max(start + points) AS "end" FROM metric_block
     WHERE series_id = ANY ($1) GROUP BY series_id`,
    [seriesIds],
  );
  return new Map(rows.map((row) => [row.seriesId, row.end]));
}

function toStretch(rows: readonly StoredRow[], start: number): Stretch {
  return {
    seriesId: rows[0]!.seriesId,
    start,
    points: decodeRows(rows),
    commits: rows.flatMap(commitsOf),
  };
}

/** Full blocks, and the rest in one more. */
function intoBlocks({ seriesId, start, points, commits }: Stretch, blockPoints: number): Stretch[] {
  const count = points.steps.length;
  const blocks: Stretch[] = [];
  const left = commits.map((entry) => ({ ...entry }));
  for (let from = 0; from < count; from += blockPoints) {
    const to = Math.min(from + blockPoints, count);
    blocks.push({
      seriesId,
      start: start + from,
      points: {
        steps: points.steps.subarray(from, to),
        values: points.values.subarray(from, to),
        times: points.times.subarray(from, to),
      },
      commits: takeCommits(left, to - from),
    });
  }
  return blocks;
}

/** Removes the first commits of `left`, with `points` points together; the last may stay with the rest of its points. */
function takeCommits(left: { commit: number; points: number }[], points: number): PointsOfCommit[] {
  const taken: { commit: number; points: number }[] = [];
  for (let missing = points; missing > 0; ) {
    const next = left[0]!;
    const share = Math.min(next.points, missing);
    taken.push({ commit: next.commit, points: share });
    missing -= share;
    next.points -= share;
    if (next.points === 0) left.shift();
  }
  return taken;
}

async function insertBlocks(client: PoolClient, studyId: number, blocks: readonly Stretch[]): Promise<void> {
  const summaries = blocks.map(({ points }) => summarise(points));
  await client.query(
    `INSERT INTO metric_block
       (series_id, start, study_id, first_commit, last_commit, points, min_step, max_step, commits, steps, values, times)
     SELECT series_id, start, $1, first_commit, last_commit, points, min_step, max_step, commits, steps, values, times
     FROM unnest($2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[], $8::integer[],
                 $9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[])
       AS block (series_id, start, first_commit, last_commit, points, min_step, max_step, commits, steps, values, times)`,
    [
      studyId,
      blocks.map((block) => block.seriesId),
      int4Array(blocks.map((block) => block.start)),
      int4Array(blocks.map((block) => block.commits[0]!.commit)),
      int4Array(blocks.map((block) => block.commits.at(-1)!.commit)),
      int4Array(blocks.map((block) => block.points.steps.length)),
      int4Array(summaries.map((summary) => summary.minStep)),
      int4Array(summaries.map((summary) => summary.lastStep)),
      byteaArray(blocks.map((block) => encodeCommits(block.commits))),
      byteaArray(blocks.map((block) => encodeColumn(block.points.steps))),
      byteaArray(blocks.map((block) => toBytes(block.points.values))),
      byteaArray(blocks.map((block) => encodeColumn(block.points.times))),
    ],
  );
}
