import type { PoolClient } from 'pg';
import { int4Array } from './binary-array.ts';
import { decodePairs } from './column-codec.ts';
import { decodeSlice, type PointsRow } from './metric-rows.ts';
import type { MetricPoints, MetricScope } from './metric-store.ts';

/** A series, as all reads of commits name it. */
export interface SeriesPart {
  readonly seriesId: string;
  readonly trialId: number;
  readonly name: string;
}

/** A block without its points. */
export interface BlockRow extends SeriesPart {
  readonly start: number;
  readonly firstCommit: number;
  readonly points: number;
  readonly commits: Buffer;
}

/** Parameters 1 to 3 of a query: a scope's study, trials and names. */
export const inScope = `series.study_id = $1
  AND ($2::integer[] IS NULL OR series.trial_id = ANY ($2)) AND ($3::text[] IS NULL OR series.name = ANY ($3))`;

/** Blocks with commits after `after`, by their first commit. */
export async function listBlocks(
  client: PoolClient,
  { studyId, trialIds, names }: MetricScope,
  after: number,
  limit: number,
): Promise<BlockRow[]> {
  const { rows } = await client.query<BlockRow>(
    `
      SELECT series.id AS "seriesId", series.trial_id AS "trialId", series.name, block.start,
        block.first_commit AS "firstCommit", block.points, block.commits
      FROM metric_block AS block JOIN metric_series AS series ON series.id = block.series_id
      WHERE block.study_id = $1 AND block.last_commit > $4 AND ${inScope}
      ORDER BY block.first_commit FETCH FIRST ${limit} ROWS WITH TIES`,
    [studyId, trialIds ?? null, names ?? null, after],
  );
  return rows;
}

/** The commits within a block: pairs of the distance from the one before and the number of points. */
export function commitsOf({
  firstCommit,
  commits,
}: Pick<BlockRow, 'firstCommit' | 'commits'>): { commit: number; points: number }[] {
  let commit = firstCommit;
  return decodePairs(commits).map(([distance, points]) => {
    commit += distance;
    return { commit, points };
  });
}

/** Points of a series that lie together. */
export interface StoredPart {
  readonly part: SeriesPart;
  readonly points: MetricPoints;
}

/** What the commits after `after` up to `last` have in the blocks, in writing order a series. */
export async function readSlices(
  client: PoolClient,
  blocks: readonly BlockRow[],
  after: number,
  last: number,
): Promise<StoredPart[]> {
  const slices = blocks
    .map((block) => ({ block, ...sliceOf(block, after, last) }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.block.start - b.block.start);
  if (slices.length === 0) return [];
  const { rows } = await client.query<PointsRow>(
    `
      SELECT points, steps, times, substr(values, first * 8 + 1, size * 8) AS values
      FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[]) WITH ORDINALITY
        AS wanted (series_id, start, first, size, place)
      JOIN metric_block USING (series_id, start) ORDER BY place`,
    [
      slices.map(({ block }) => block.seriesId),
      int4Array(slices.map(({ block }) => block.start)),
      int4Array(slices.map(({ from }) => from)),
      int4Array(slices.map(({ from, to }) => to - from)),
    ],
  );
  return slices.map(({ block, from, to }, i) => ({ part: block, points: decodeSlice(rows[i]!, from, to) }));
}

function sliceOf(block: BlockRow, after: number, last: number): { from: number; to: number } {
  let from = 0;
  let to = 0;
  for (const { commit, points } of commitsOf(block)) {
    if (commit <= after) from += points;
    if (commit <= last) to += points;
  }
  return { from, to };
}
