import type { PoolClient } from 'pg';
import { int4Array } from './binary-array.ts';
import { decodePairs, encodePairs } from './column-codec.ts';
import { decodeSlice, type PointsRow } from './metric-rows.ts';
import type { MetricPoints, MetricScope } from './metric-store.ts';

/** A block or a chunk, which come after the blocks of a series, without its points. */
export interface SeriesPart {
  readonly seriesId: string;
  readonly trialId: number;
  readonly name: string;
  readonly isChunk: boolean;
  /** Where it stands among the blocks, or chunks, of its series. */
  readonly place: number;
  readonly firstCommit: number;
  readonly points: number;
  /** Null: all points are of the first commit. */
  readonly commits: Buffer | null;
}

/** Blocks and chunks with commits after `after`, by their first commit; all that share the last one. */
export async function listParts(
  client: PoolClient,
  { studyId, trialIds, names }: MetricScope,
  after: number,
  limit: number,
): Promise<SeriesPart[]> {
  const { rows } = await client.query<SeriesPart>(
    `
      SELECT series.id AS "seriesId", series.trial_id AS "trialId", series.name, part."isChunk", part.place,
        part.first_commit AS "firstCommit", part.points, part.commits
      FROM (
        SELECT FALSE AS "isChunk", series_id, start AS place, first_commit, points, commits
        FROM metric_block WHERE study_id = $1 AND last_commit > $4
        UNION ALL
        SELECT TRUE, series_id, commit, first_commit, points, commits
        FROM metric_chunk WHERE study_id = $1 AND commit > $4
      ) AS part JOIN metric_series AS series ON series.id = part.series_id
      WHERE series.study_id = $1
        AND ($2::integer[] IS NULL OR series.trial_id = ANY ($2)) AND ($3::text[] IS NULL OR series.name = ANY ($3))
      ORDER BY part.first_commit FETCH FIRST ${limit} ROWS WITH TIES`,
    [studyId, trialIds ?? null, names ?? null, after],
  );
  return rows;
}

export interface PointsOfCommit {
  readonly commit: number;
  readonly points: number;
}

/** The commits within a part: pairs of the distance from the one before and the number of points. */
export function commitsOf({
  firstCommit,
  points,
  commits,
}: Pick<SeriesPart, 'firstCommit' | 'points' | 'commits'>): PointsOfCommit[] {
  if (commits === null) return [{ commit: firstCommit, points }];
  let commit = firstCommit;
  return decodePairs(commits).map(([distance, size]) => {
    commit += distance;
    return { commit, points: size };
  });
}

/** See `commitsOf`. */
export function encodeCommits(commits: readonly PointsOfCommit[]): Buffer {
  return encodePairs(
    commits.map(({ commit, points }, i) => [i === 0 ? 0 : commit - commits[i - 1]!.commit, points] as const),
  );
}

/** Points of a series that lie together. */
export interface StoredPart {
  readonly part: SeriesPart;
  readonly points: MetricPoints;
}

/** What the commits after `after` up to `last` have in the parts, in writing order a series. */
export async function readSlices(
  client: PoolClient,
  parts: readonly SeriesPart[],
  after: number,
  last: number,
): Promise<StoredPart[]> {
  const slices = parts
    .map((part) => ({ part, ...sliceOf(part, after, last) }))
    .filter(({ from, to }) => to > from)
    .sort(({ part: a }, { part: b }) => Number(a.isChunk) - Number(b.isChunk) || a.place - b.place);
  if (slices.length === 0) return [];
  const { rows } = await client.query<PointsRow>(
    `
      SELECT part.points, part.steps, part.times, substr(part.values, first * 8 + 1, size * 8) AS values
      FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[], $5::integer[]) WITH ORDINALITY
        AS wanted (series_id, level, place, first, size, number)
      JOIN LATERAL (
        SELECT points, steps, times, values FROM metric_block AS block
        WHERE wanted.level = 0 AND block.series_id = wanted.series_id AND block.start = wanted.place
        UNION ALL
        SELECT points, steps, times, values FROM metric_chunk AS chunk
        WHERE wanted.level = 1 AND chunk.series_id = wanted.series_id AND chunk.commit = wanted.place
      ) AS part ON TRUE
      ORDER BY number`,
    [
      slices.map(({ part }) => part.seriesId),
      int4Array(slices.map(({ part }) => Number(part.isChunk))),
      int4Array(slices.map(({ part }) => part.place)),
      int4Array(slices.map(({ from }) => from)),
      int4Array(slices.map(({ from, to }) => to - from)),
    ],
  );
  return slices.map(({ part, from, to }, i) => ({ part, points: decodeSlice(rows[i]!, from, to) }));
}

function sliceOf(part: SeriesPart, after: number, last: number): { from: number; to: number } {
  let from = 0;
  let to = 0;
  for (const { commit, points } of commitsOf(part)) {
    if (commit <= after) from += points;
    if (commit <= last) to += points;
  }
  return { from, to };
}
