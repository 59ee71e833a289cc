import type { Pool, PoolClient } from 'pg';
import { concatPoints } from './metric-columns.ts';
import { settleStudy } from './metric-journal.ts';
import { commitsOf, listParts, readSlices, type SeriesPart, type StoredPart } from './metric-parts.ts';
import type { CommitPage, MetricScope, SeriesDelta } from './metric-store.ts';
import { inSnapshot } from './transaction.ts';

/** Blocks and chunks that one page looks at; all of a commit together. */
const lookLimit = 5000;

/** See MetricStore.readAfter. */
export async function readCommits(
  pool: Pool,
  scope: MetricScope,
  after: number,
  maxPoints: number,
  upTo = Number.POSITIVE_INFINITY,
): Promise<CommitPage> {
  let isSettled = false;
  for (let maxParts = lookLimit; ; ) {
    const page = await inSnapshot(pool, async (client) => {
      const [clock, parts] = await Promise.all([
        readClock(client, scope.studyId),
        listParts(client, scope, after, maxParts),
      ]);
      // Commits that have come to the journal since it was settled are for the next page.
      if (clock.settled < Math.min(clock.newest, upTo) && !isSettled) return 'unsettled';
      return readPage(client, clock.settled, parts, { after, maxPoints, upTo, maxParts });
    });
    if (page === 'unsettled') {
      await settleStudy(pool, scope.studyId);
      isSettled = true;
    } else if (page === 'cut short') maxParts *= 4;
    else return page;
  }
}

interface Clock {
  readonly newest: number;
  /** All commits up to this one are in blocks and chunks. */
  readonly settled: number;
}

async function readClock(client: PoolClient, studyId: number): Promise<Clock> {
  const { rows } = await client.query<Clock>(
    `SELECT last_commit AS newest,
       coalesce((SELECT min(commit) - 1 FROM metric_journal WHERE study_id = $1), last_commit) AS settled
     FROM metric_clock WHERE study_id = $1`,
    [studyId],
  );
  // A study that is being deleted has no clock.
  return rows[0] ?? { newest: 0, settled: 0 };
}

async function readPage(
  client: PoolClient,
  newest: number,
  parts: readonly SeriesPart[],
  { after, maxPoints, upTo, maxParts }: { after: number; maxPoints: number; upTo: number; maxParts: number },
): Promise<CommitPage | 'cut short'> {
  const end = Math.min(newest, upTo);
  // Up to here everything is known; a later commit may have points in what was not looked at.
  const known = parts.length >= maxParts ? Math.min(end, parts.at(-1)!.firstCommit) : end;
  if (known <= after && known < end) return 'cut short';
  const commit = endOfPage(parts, after, known, maxPoints);
  return { commit, newest, deltas: joinSeries(await readSlices(client, parts, after, commit)) };
}

/** The last commit of whole commits after `after` that have `maxPoints` together; `known` where there are fewer. */
function endOfPage(parts: readonly SeriesPart[], after: number, known: number, maxPoints: number): number {
  const sizes = new Map<number, number>();
  for (const part of parts) {
    for (const { commit, points } of commitsOf(part)) {
      if (commit > after && commit <= known) sizes.set(commit, (sizes.get(commit) ?? 0) + points);
    }
  }
  const commits = [...sizes.keys()].sort((a, b) => a - b);
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
