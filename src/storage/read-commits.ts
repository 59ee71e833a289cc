import type { Pool, PoolClient } from 'pg';
import {
  type BlockRow,
  commitsOf,
  inScope,
  listBlocks,
  readSlices,
  type SeriesPart,
  type StoredPart,
} from './metric-blocks.ts';
import { concatPoints } from './metric-columns.ts';
import { decodeRows, type PointsRow } from './metric-rows.ts';
import type { MetricScope, SeriesDelta } from './metric-store.ts';
import { inSnapshot } from './transaction.ts';

interface CommitPage {
  readonly commit: number;
  readonly deltas: SeriesDelta[];
}

interface ChunkRow extends SeriesPart, PointsRow {
  readonly commit: number;
  /** Over all chunks that were looked at, those left out included. */
  readonly lastCommit: number;
  readonly lookedAt: number;
}

/** Chunks, or blocks, that one page looks at; all of a commit together. */
const lookLimit = 5000;

/** See MetricStore.readAfter. */
export async function readCommits(
  pool: Pool,
  scope: MetricScope,
  after: number,
  maxPoints: number,
  upTo = Number.POSITIVE_INFINITY,
  maxBlocks: number = lookLimit,
): Promise<CommitPage> {
  const page = await inSnapshot(pool, async (client) => {
    const [newest, chunks, blocks] = await Promise.all([
      lastCommit(client, scope.studyId),
      readChunks(client, scope, after, maxPoints),
      listBlocks(client, scope, after, maxBlocks),
    ]);
    const end = Math.min(newest, upTo);
    // Up to here everything is known; a later commit may have points in what was not looked at.
    const known = Math.min(
      end,
      lastKnown(chunks) ?? end,
      blocks.length >= maxBlocks ? blocks.at(-1)!.firstCommit : end,
    );
    if (known <= after && known < end) return null;
    const commit = endOfPage(pointsByCommit(chunks, blocks, after), known, maxPoints);
    const slices = await readSlices(client, blocks, after, commit);
    const stored = chunks
      .filter((chunk) => chunk.commit <= commit)
      .map((chunk) => ({ part: chunk, points: decodeRows([chunk]) }));
    return { commit, deltas: joinSeries([...slices, ...stored]) };
  });
  return page ?? readCommits(pool, scope, after, maxPoints, upTo, maxBlocks * 4);
}

async function lastCommit(client: PoolClient, studyId: number): Promise<number> {
  const { rows } = await client.query<{ lastCommit: number }>(
    'SELECT last_commit AS "lastCommit" FROM metric_clock WHERE study_id = $1',
    [studyId],
  );
  return rows[0]?.lastCommit ?? 0;
}

/** Chunks of whole commits, the first at least, by commit; none more once there are `maxPoints`. */
async function readChunks(
  client: PoolClient,
  { studyId, trialIds, names }: MetricScope,
  after: number,
  maxPoints: number,
): Promise<ChunkRow[]> {
  const { rows } = await client.query<ChunkRow>(
    `
      SELECT "seriesId", "trialId", name, commit, "lastCommit", "lookedAt", points, steps, values, times
      FROM (
        SELECT looked_at.*, max(commit) OVER () AS "lastCommit", (count(*) OVER ())::integer AS "lookedAt",
          sum(points) OVER (ORDER BY commit) - sum(points) OVER (PARTITION BY commit) AS points_before
        FROM (
          SELECT series.id AS "seriesId", series.trial_id AS "trialId", series.name, chunk.commit, chunk.points,
            chunk.steps, chunk.values, chunk.times
          FROM metric_chunk AS chunk JOIN metric_series AS series ON series.id = chunk.series_id
          WHERE chunk.study_id = $1 AND chunk.commit > $4 AND ${inScope}
          ORDER BY chunk.commit FETCH FIRST ${lookLimit} ROWS WITH TIES
        ) AS looked_at
      ) AS chunk
      WHERE points_before < $5::float8
      ORDER BY commit`,
    [studyId, trialIds ?? null, names ?? null, after, Math.max(1, maxPoints)],
  );
  return rows;
}

/** The last commit that `readChunks` has read whole; undefined: all there are. */
function lastKnown(chunks: readonly ChunkRow[]): number | undefined {
  const last = chunks.at(-1);
  if (last === undefined || (last.commit === last.lastCommit && last.lookedAt < lookLimit)) return undefined;
  return last.commit;
}

function pointsByCommit(
  chunks: readonly ChunkRow[],
  blocks: readonly BlockRow[],
  after: number,
): Map<number, number> {
  const sizes = new Map<number, number>();
  const add = (commit: number, points: number): void => {
    if (commit > after) sizes.set(commit, (sizes.get(commit) ?? 0) + points);
  };
  for (const { commit, points } of chunks) add(commit, points);
  for (const block of blocks) {
    for (const { commit, points } of commitsOf(block)) add(commit, points);
  }
  return sizes;
}

function endOfPage(sizes: ReadonlyMap<number, number>, known: number, maxPoints: number): number {
  const commits = [...sizes.keys()].filter((commit) => commit <= known).sort((a, b) => a - b);
  let points = 0;
  let taken = 0;
  while (taken < commits.length && (taken === 0 || points < maxPoints))
    points += sizes.get(commits[taken++]!)!;
  return taken === commits.length ? known : commits[taken - 1]!;
}

/** One delta a series, of its parts in their order. */
function joinSeries(parts: readonly StoredPart[]): SeriesDelta[] {
  const bySeries = new Map<string, StoredPart[]>();
  for (const stored of parts) {
    const known = bySeries.get(stored.part.seriesId);
    if (known === undefined) bySeries.set(stored.part.seriesId, [stored]);
    else known.push(stored);
  }
  return [...bySeries.values()].map((stored) => {
    const { trialId, name } = stored[0]!.part;
    return { trialId, name, ...concatPoints(stored.map(({ points }) => points)) };
  });
}
