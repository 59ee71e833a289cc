import type { Pool } from 'pg';

export interface LogLine {
  /** Dense from 0 within the trial, in the order in which lines were stored. */
  readonly number: number;
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

export interface LogBatch {
  readonly trialId: number;
  /** The fencing token: the batch is refused unless this attempt is running. */
  readonly attempt: number;
  /** Repeated numbers of one attempt are acknowledged and not stored again; null: no such check. */
  readonly batch: number | null;
  /** At least one. */
  readonly lines: readonly Pick<LogLine, 'time' | 'text'>[];
}

/** Keeps the log lines of trials. */
export class TrialLogStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Resolves after the commit. */
  async append({ trialId, attempt, batch, lines }: LogBatch): Promise<'stored' | 'repeated' | 'refused'> {
    const { rows } = await this.#pool.query<{ running: boolean; stored: boolean }>(appendLines, [
      trialId,
      attempt,
      batch,
      lines.map((line) => line.time),
      lines.map((line) => line.text),
    ]);
    const { running, stored } = rows[0]!;
    if (!running) return 'refused';
    return stored ? 'stored' : 'repeated';
  }

  /** The lines from the number `from` on, in order; at most `limit`. */
  async read(trialId: number, from: number, limit: number): Promise<LogLine[]> {
    const { rows } = await this.#pool.query<ChunkRow>(
      `SELECT first_line AS "firstLine", attempt, times, lines FROM trial_log_chunk
       WHERE trial_id = $1 AND first_line < $2::bigint + $3
         AND first_line >= coalesce(
           (SELECT max(first_line) FROM trial_log_chunk WHERE trial_id = $1 AND first_line <= $2), 0)
       ORDER BY first_line`,
      [trialId, from, limit],
    );
    return rows.flatMap(toLines).filter(({ number }) => number >= from && number < from + limit);
  }

  /** How many lines the trial has. */
  async count(trialId: number): Promise<number> {
    const { rows } = await this.#pool.query<{ count: number }>(
      'SELECT line_count AS count FROM trial_log WHERE trial_id = $1',
      [trialId],
    );
    return rows[0]?.count ?? 0;
  }
}

interface ChunkRow {
  readonly firstLine: number;
  readonly attempt: number;
  readonly times: readonly number[];
  readonly lines: readonly string[];
}

function toLines({ firstLine, attempt, times, lines }: ChunkRow): LogLine[] {
  return lines.map((text, i) => ({ number: firstLine + i, attempt, time: times[i]!, text }));
}

/** Locks the log's row until the commit, so lines become visible in the order of their numbers. */
const appendLines = `
  WITH running AS (
    SELECT id FROM trial WHERE id = $1 AND attempt = $2 AND state = 'RUNNING'
  ), head AS (
    INSERT INTO trial_log AS log (trial_id, line_count, attempt, batches)
    SELECT id, cardinality($5::text[]), $2,
           CASE WHEN $3::integer IS NULL THEN '{}'
                -- a range ends before the number after it, which the greatest has not
                ELSE int4multirange(int4range($3, nullif($3::bigint + 1, 2147483648)::integer)) END
    FROM running
    ON CONFLICT (trial_id) DO UPDATE SET
      line_count = log.line_count + cardinality($5::text[]),
      attempt = excluded.attempt,
      batches = CASE WHEN log.attempt = excluded.attempt THEN log.batches + excluded.batches ELSE excluded.batches END
    WHERE NOT (log.attempt = excluded.attempt AND $3::integer IS NOT NULL AND log.batches @> $3::integer)
    RETURNING line_count - cardinality($5::text[]) AS first_line
  ), chunk AS (
    INSERT INTO trial_log_chunk (trial_id, first_line, attempt, times, lines)
    SELECT $1, first_line, $2, $4::float8[], $5::text[] FROM head
    RETURNING 1
  )
  SELECT EXISTS (SELECT FROM running) AS running, EXISTS (SELECT FROM chunk) AS stored`;
