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
import type { CommitPage, MetricScope, SeriesDelta } from './metric-store.ts';
import { inSnapshot } from './transaction.ts';

interface TailRow {
  readonly newest: number;
  readonly hasBlocks: boolean;
  /** Null where there is no chunk. */
  readonly commit: number | null;
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
): Promise<CommitPage> {
  // Who is up to date needs no block, and so one statement: that is nearly every read there is.
  const tail = await readTail(pool, scope, after, maxPoints);
  if (!tail.hasBlocks) return pageOf(tail, [], after, Math.min(tail.newest, upTo), maxPoints, noSlices);
  return readWithBlocks(pool, scope, after, maxPoints, upTo, lookLimit);
}

async function readWithBlocks(
  pool: Pool,
  scope: MetricScope,
  after: number,
  maxPoints: number,
  upTo: number,
  maxBlocks: number,
): Promise<CommitPage> {
  const page = await inSnapshot(pool, async (client) => {
    const [tail, blocks] = await Promise.all([
      readTail(client, scope, after, maxPoints),
      listBlocks(client, scope, after, maxBlocks),
    ]);
    const end = Math.min(tail.newest, upTo);
    // Up to here everything is known; a later commit may have points in what was not looked at.
    const known = blocks.length >= maxBlocks ? Math.min(end, blocks.at(-1)!.firstCommit) : end;
    if (known <= after && known < end) return null;
    return pageOf(tail, blocks, after, known, maxPoints, (commit) =>
      readSlices(client, blocks, after, commit),
    );
  });
  return page ?? readWithBlocks(pool, scope, after, maxPoints, upTo, maxBlocks * 4);
}

const noSlices = async (): Promise<StoredPart[]> => [];

/** The page after `after` where the blocks are known up to `known`. */
async function pageOf(
  { newest, chunks }: Tail,
  blocks: readonly BlockRow[],
  after: number,
  known: number,
  maxPoints: number,
  slicesUpTo: (commit: number) => Promise<StoredPart[]>,
): Promise<CommitPage> {
  const end = Math.min(known, lastKnown(chunks) ?? known);
  const commit = endOfPage(pointsByCommit(chunks, blocks, after), end, maxPoints);
  const stored = chunks
    .filter((chunk) => chunk.commit <= commit)
    .map((chunk) => ({ part: chunk, points: decodeRows([chunk]) }));
  return { commit, newest, deltas: joinSeries([...(await slicesUpTo(commit)), ...stored]) };
}

/** What a study has after a commit but for its blocks. */
interface Tail {
  readonly newest: number;
  readonly hasBlocks: boolean;
  readonly chunks: readonly ChunkRow[];
}

/** As of one moment; chunks of whole commits, the first at least, by commit, none more once there are `maxPoints`. */
async function readTail(
  connection: Pool | PoolClient,
  { studyId, trialIds, names }: MetricScope,
  after: number,
  maxPoints: number,
): Promise<Tail> {
  const { rows } = await connection.query<TailRow | (TailRow & ChunkRow)>(
    `
      SELECT clock.last_commit AS newest,
        EXISTS (SELECT FROM metric_block WHERE study_id = $1 AND last_commit > $4) AS "hasBlocks", page.*
      FROM metric_clock AS clock LEFT JOIN (
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
      ) AS page ON TRUE
      WHERE clock.study_id = $1
      ORDER BY page.commit`,
    [studyId, trialIds ?? null, names ?? null, after, Math.max(1, maxPoints)],
  );
  // A study that is being deleted has no clock.
  const { newest, hasBlocks } = rows[0] ?? { newest: 0, hasBlocks: false };
  return { newest, hasBlocks, chunks: rows.filter((row): row is TailRow & ChunkRow => row.commit !== null) };
}

/** The last commit that `readTail` has read whole; undefined: all there are. */
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
