import type { Pool, PoolClient } from 'pg';
import { CallerError } from '../core/errors.ts';
import {
  concatPoints,
  float64sFrom,
  int32sFrom,
  orderBySteps,
  sliceSteps,
  summarise,
  toBytes,
} from './metric-columns.ts';
import type {
  AppendResult,
  MetricBatch,
  MetricScope,
  MetricStore,
  NamedPoints,
  SeriesDelta,
  SeriesRequest,
  SeriesSummary,
} from './metric-store.ts';
import { withTransaction } from './transaction.ts';

export interface MetricCommit {
  readonly studyId: number;
  readonly commit: number;
}

interface Waiting {
  readonly batch: MetricBatch;
  readonly points: number;
  resolve(result: AppendResult): void;
  reject(error: unknown): void;
}

/** Beyond this many waiting points callers are told to come back later. */
const maxWaitingPoints = 2_000_000;
/** One transaction takes at most this many points, to keep its latency bounded. */
const maxCommitPoints = 250_000;

/**
 * Metric points as column chunks in PostgreSQL. Reports that arrive while a commit is under way wait and go into the
 * next one together (group commit), so the number of commits follows the disk and not the number of clients.
 */
export class PostgresMetricStore implements MetricStore {
  readonly #pool: Pool;
  readonly #onCommit: (commits: readonly MetricCommit[]) => void;
  readonly #waiting: Waiting[] = [];
  #waitingPoints = 0;
  #committing: Promise<void> | null = null;

  constructor(pool: Pool, onCommit: (commits: readonly MetricCommit[]) => void) {
    this.#pool = pool;
    this.#onCommit = onCommit;
  }

  append(batch: MetricBatch): Promise<AppendResult> {
    const points = batch.series.reduce((sum, series) => sum + series.steps.length, 0);
    if (this.#waitingPoints + points > maxWaitingPoints && this.#waiting.length > 0) {
      throw new CallerError('TOO_BUSY', 'The metric store is behind. Send this report again in a second.', {
        retryAfterMs: 1000,
      });
    }
    this.#waitingPoints += points;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, points, resolve, reject });
      this.#committing ??= this.#commitAll();
    });
  }

  async close(): Promise<void> {
    await this.#committing;
  }

  async #commitAll(): Promise<void> {
    // Reports of the same turn of the event loop share the first commit.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#commitGroup(this.#takeGroup());
    this.#committing = null;
  }

  #takeGroup(): Waiting[] {
    let points = 0;
    let size = 0;
    for (const waiting of this.#waiting) {
      if (size > 0 && points + waiting.points > maxCommitPoints) break;
      points += waiting.points;
      size++;
    }
    this.#waitingPoints -= points;
    return this.#waiting.splice(0, size);
  }

  async #commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const { results, commits } = await withTransaction(this.#pool, (client) =>
        storeGroup(
          client,
          group.map((waiting) => waiting.batch),
        ),
      );
      if (commits.length > 0) this.#onCommit(commits);
      group.forEach((waiting, i) => {
        waiting.resolve(results[i]!);
      });
    } catch (error) {
      for (const waiting of group) waiting.reject(error);
    }
  }

  async read(trialIds: readonly number[], request: SeriesRequest): Promise<Map<number, NamedPoints[]>> {
    const { rows } = await this.#pool.query<ChunkRow>(
      `SELECT series.trial_id AS "trialId", series.name, chunk.steps, chunk.values, chunk.times
       FROM metric_series AS series JOIN metric_chunk AS chunk ON chunk.series_id = series.id
       WHERE series.trial_id = ANY ($1) AND ($2::text[] IS NULL OR series.name = ANY ($2))
       ORDER BY series.trial_id, series.name, chunk.commit`,
      [trialIds, request.names ?? null],
    );
    const result = new Map<number, NamedPoints[]>(trialIds.map((id) => [id, []]));
    for (const { trialId, name, points } of mergeChunks(rows)) {
      const ordered = orderBySteps(points);
      result.get(trialId)!.push({ name, ...sliceSteps(ordered, request.fromStep, request.toStep) });
    }
    return result;
  }

  async summaries(
    trialIds: readonly number[],
    names?: readonly string[],
  ): Promise<Map<number, SeriesSummary[]>> {
    const { rows } = await this.#pool.query<SeriesSummary>(
      `SELECT trial_id AS "trialId", name, count, last_commit AS "lastCommit", last_step AS "lastStep",
              last_time AS "lastTime", last_value AS "lastValue", min_value AS min, max_value AS max
       FROM metric_series WHERE trial_id = ANY ($1) AND ($2::text[] IS NULL OR name = ANY ($2))
       ORDER BY trial_id, name`,
      [trialIds, names ?? null],
    );
    const result = new Map<number, SeriesSummary[]>(trialIds.map((id) => [id, []]));
    for (const row of rows) result.get(row.trialId)!.push(row);
    return result;
  }

  async lastCommit(studyId: number): Promise<number> {
    const { rows } = await this.#pool.query<{ lastCommit: number }>(
      'SELECT last_commit AS "lastCommit" FROM metric_clock WHERE study_id = $1',
      [studyId],
    );
    return rows[0]?.lastCommit ?? 0;
  }

  async readAfter(
    scope: MetricScope,
    after: number,
    maxPoints: number,
  ): Promise<{ commit: number; deltas: SeriesDelta[] }> {
    // Read first: every commit up to this number is visible to the statements that follow.
    const newest = await this.lastCommit(scope.studyId);
    const inScope = [scope.studyId, scope.trialIds ?? null, scope.names ?? null, after, newest];
    const { rows: sizes } = await this.#pool.query<{ commit: number; points: number }>(
      `SELECT chunk.commit, sum(length(chunk.steps) / 4)::integer AS points ${chunksInScope}
       GROUP BY chunk.commit ORDER BY chunk.commit LIMIT 1000`,
      inScope,
    );
    if (sizes.length === 0) return { commit: newest, deltas: [] };
    let last = 0;
    for (let points = 0; last < sizes.length && points < maxPoints; last++) points += sizes[last]!.points;
    const isAll = last === sizes.length && sizes.length < 1000;
    const commit = isAll ? newest : sizes[last - 1]!.commit;
    const { rows } = await this.#pool.query<ChunkRow>(
      `SELECT series.trial_id AS "trialId", series.name, chunk.steps, chunk.values, chunk.times ${chunksInScope}
       ORDER BY series.id, chunk.commit`,
      [...inScope.slice(0, 4), commit],
    );
    return {
      commit,
      deltas: mergeChunks(rows).map(({ trialId, name, points }) => ({ trialId, name, ...points })),
    };
  }
}

const chunksInScope = `
  FROM metric_series AS series JOIN metric_chunk AS chunk ON chunk.series_id = series.id
  WHERE series.study_id = $1 AND series.last_commit > $4
    AND ($2::integer[] IS NULL OR series.trial_id = ANY ($2))
    AND ($3::text[] IS NULL OR series.name = ANY ($3))
    AND chunk.commit > $4 AND chunk.commit <= $5`;

interface ChunkRow {
  readonly trialId: number;
  readonly name: string;
  readonly steps: Buffer;
  readonly values: Buffer;
  readonly times: Buffer;
}

/** Joins neighbouring rows of one series, in the order of the rows. */
function mergeChunks(rows: readonly ChunkRow[]) {
  const series: { trialId: number; name: string; chunks: ChunkRow[] }[] = [];
  for (const row of rows) {
    const current = series.at(-1);
    if (current?.trialId === row.trialId && current.name === row.name) current.chunks.push(row);
    else series.push({ trialId: row.trialId, name: row.name, chunks: [row] });
  }
  return series.map(({ trialId, name, chunks }) => ({
    trialId,
    name,
    points: concatPoints(
      chunks.map((chunk) => ({
        steps: int32sFrom(chunk.steps),
        values: float64sFrom(chunk.values),
        times: float64sFrom(chunk.times),
      })),
    ),
  }));
}

async function storeGroup(
  client: PoolClient,
  batches: readonly MetricBatch[],
): Promise<{ results: AppendResult[]; commits: MetricCommit[] }> {
  // The clock's row lock comes before the check of the attempts: a later attempt's points commit after these.
  const commitByStudy = await advanceClocks(client, batches);
  const running = await runningAttempts(client, batches);
  const repeated = await repeatedBatches(client, batches);

  const seen = new Set<string>();
  const results = batches.map((batch, i): AppendResult => {
    const commit = commitByStudy.get(batch.studyId);
    if (commit === undefined || running.get(batch.trialId) !== batch.attempt) return { outcome: 'refused' };
    const key = `${batch.trialId}/${batch.batch}`;
    if (batch.batch !== null && (repeated.has(i) || seen.has(key)))
      return { outcome: 'repeated', commit: null };
    seen.add(key);
    return { outcome: 'stored', commit };
  });

  const stored = batches.filter((_, i) => results[i]!.outcome === 'stored');
  if (stored.length > 0) {
    await storeSeries(client, stored, commitByStudy);
    await rememberBatches(client, stored);
  }
  const studies = new Set(stored.map((batch) => batch.studyId));
  return {
    results,
    commits: [...studies].map((studyId) => ({ studyId, commit: commitByStudy.get(studyId)! })),
  };
}

async function advanceClocks(
  client: PoolClient,
  batches: readonly MetricBatch[],
): Promise<Map<number, number>> {
  const { rows } = await client.query<{ studyId: number; commit: number }>(
    `UPDATE metric_clock SET last_commit = last_commit + 1
     WHERE study_id IN (
       -- locked in one order everywhere, so two servers cannot deadlock
       SELECT study_id FROM metric_clock WHERE study_id = ANY ($1) ORDER BY study_id FOR UPDATE
     )
     RETURNING study_id AS "studyId", last_commit AS commit`,
    [[...new Set(batches.map((batch) => batch.studyId))]],
  );
  return new Map(rows.map((row) => [row.studyId, row.commit]));
}

async function runningAttempts(
  client: PoolClient,
  batches: readonly MetricBatch[],
): Promise<Map<number, number>> {
  const { rows } = await client.query<{ id: number; attempt: number }>(
    `SELECT id, attempt FROM trial WHERE id = ANY ($1) AND state = 'RUNNING'`,
    [[...new Set(batches.map((batch) => batch.trialId))]],
  );
  return new Map(rows.map((row) => [row.id, row.attempt]));
}

/** The places in `batches` of those whose number this attempt has stored before. */
async function repeatedBatches(client: PoolClient, batches: readonly MetricBatch[]): Promise<Set<number>> {
  const { rows } = await client.query<{ place: number }>(
    `SELECT place FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[]) AS given (place, trial_id, attempt, batch)
     JOIN metric_batches AS stored USING (trial_id, attempt) WHERE stored.numbers @> given.batch`,
    [
      batches.map((_, place) => place),
      batches.map((batch) => batch.trialId),
      batches.map((batch) => batch.attempt),
      batches.map((batch) => batch.batch),
    ],
  );
  return new Set(rows.map((row) => row.place));
}

async function storeSeries(
  client: PoolClient,
  batches: readonly MetricBatch[],
  commitByStudy: ReadonlyMap<number, number>,
): Promise<void> {
  const series = groupSeries(batches).map((entry) => ({
    ...entry,
    commit: commitByStudy.get(entry.studyId)!,
    ...summarise(entry.points),
  }));
  const { rows } = await client.query<{ id: string; trialId: number; name: string }>(
    `INSERT INTO metric_series AS series
       (study_id, trial_id, name, count, last_commit, last_step, last_time, last_value, min_value, max_value)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::text[], $4::integer[], $5::integer[], $6::integer[],
                          $7::float8[], $8::float8[], $9::float8[], $10::float8[])
     ON CONFLICT (trial_id, name) DO UPDATE SET
       count = series.count + excluded.count,
       last_commit = excluded.last_commit,
       last_step = greatest(series.last_step, excluded.last_step),
       last_time = CASE WHEN excluded.last_step >= series.last_step THEN excluded.last_time ELSE series.last_time END,
       last_value = CASE WHEN excluded.last_step >= series.last_step THEN excluded.last_value ELSE series.last_value END,
       min_value = least(series.min_value, excluded.min_value),
       max_value = greatest(series.max_value, excluded.max_value)
     RETURNING id, trial_id AS "trialId", name`,
    [
      series.map((entry) => entry.studyId),
      series.map((entry) => entry.trialId),
      series.map((entry) => entry.points.name),
      series.map((entry) => entry.points.steps.length),
      series.map((entry) => entry.commit),
      series.map((entry) => entry.lastStep),
      series.map((entry) => entry.lastTime),
      series.map((entry) => entry.lastValue),
      series.map((entry) => entry.min),
      series.map((entry) => entry.max),
    ],
  );
  const ids = new Map(rows.map((row) => [seriesKey(row.trialId, row.name), row.id]));
  await client.query(
    `INSERT INTO metric_chunk (series_id, commit, steps, values, times)
     SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bytea[], $4::bytea[], $5::bytea[])`,
    [
      series.map((entry) => ids.get(seriesKey(entry.trialId, entry.points.name))),
      series.map((entry) => entry.commit),
      series.map((entry) => toBytes(entry.points.steps)),
      series.map((entry) => toBytes(entry.points.values)),
      series.map((entry) => toBytes(entry.points.times)),
    ],
  );
}

/** One entry a series, the points of several batches in the order in which they came. */
function groupSeries(batches: readonly MetricBatch[]) {
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
  await client.query(
    `INSERT INTO metric_batches AS stored (trial_id, attempt, numbers)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::int4multirange[])
     ON CONFLICT (trial_id) DO UPDATE SET
       attempt = excluded.attempt,
       numbers = CASE WHEN stored.attempt = excluded.attempt THEN stored.numbers + excluded.numbers ELSE excluded.numbers END`,
    [
      [...numbers.keys()],
      [...numbers.values()].map((entry) => entry.attempt),
      [...numbers.values()].map(
        (entry) => `{${entry.batches.map((batch) => `[${batch},${batch}]`).join(',')}}`,
      ),
    ],
  );
}
