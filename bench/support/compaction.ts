import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const timeoutMs = 180_000;
/** Longer than the server waits before it gives back the space of what it has compacted. */
const settledMs = 4_000;

/** Waits until the journal is empty and all chunks are in blocks. @returns what metrics take on disk, indexes included, for each point */
export async function compactedBytesPerPoint(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const giveUpAt = performance.now() + timeoutMs;
    let changedAt = performance.now();
    let before = '';
    for (;;) {
      const { rows } = await client.query<{ chunks: number; bytes: number; points: number }>(
        `SELECT (SELECT count(*)::integer FROM metric_journal) + (SELECT count(*)::integer FROM metric_chunk) AS chunks,
           (SELECT sum(count)::float8 FROM metric_series) AS points,
           (SELECT sum(pg_total_relation_size(oid))::float8 FROM pg_class
            WHERE relkind = 'r' AND starts_with(relname, 'metric_')) AS bytes`,
      );
      const { chunks, bytes, points } = rows[0]!;
      const now = `${chunks} ${bytes}`;
      if (now !== before) changedAt = performance.now();
      before = now;
      if (chunks === 0 && performance.now() - changedAt > settledMs) return bytes / points;
      if (performance.now() > giveUpAt) throw new Error(`${chunks} chunks are still not compacted`);
      await sleep(250);
    }
  } finally {
    await client.end();
  }
}
