import type { Pool } from 'pg';
import { CallerError } from '../core/errors.ts';
import type {
  AppendResult,
  CommitPage,
  MetricBatch,
  MetricScope,
  MetricStore,
  NamedPoints,
  SeriesRequest,
  SeriesSummary,
} from './metric-store.ts';
import { readCommits } from './read-commits.ts';
import { readSeries } from './read-series.ts';
import { type MetricCommit, storeBatches } from './store-metric-batches.ts';
import { isInputRefused } from './transaction.ts';

interface Waiting {
  readonly batch: MetricBatch;
  readonly points: number;
  resolve(result: AppendResult): void;
  reject(error: unknown): void;
}

/** Beyond this many waiting points or reports, which take up to some 100 MB, callers are told to come back later. */
const maxWaitingPoints = 2_000_000;
const maxWaitingReports = 20_000;
/** One transaction takes at most this many points, to keep its latency bounded. */
const maxCommitPoints = 250_000;
/** While the database stores one group, this process reads the reports of the next: two keep both at work. */
const maxCommits = 2;

/**
 * Metric points as column chunks in PostgreSQL. Reports that arrive while commits are under way wait and go into the
 * next one together (group commit), so the number of commits follows the disk and not the number of clients. The
 * reports of one trial are stored in the order in which they came.
 */
export class PostgresMetricStore implements MetricStore {
  readonly #pool: Pool;
  readonly #onCommit: (commits: readonly MetricCommit[]) => void;
  #waiting: Waiting[] = [];
  #waitingPoints = 0;
  readonly #committers = new Set<{ end: Promise<void> }>();
  /** Trials with points in a commit that is under way. Their next ones wait for it: two commits may change places. */
  readonly #busyTrials = new Set<number>();

  constructor(pool: Pool, onCommit: (commits: readonly MetricCommit[]) => void) {
    this.#pool = pool;
    this.#onCommit = onCommit;
  }

  async append(batch: MetricBatch): Promise<AppendResult> {
    const points = batch.series.reduce((sum, series) => sum + series.steps.length, 0);
    const isFull =
      this.#waitingPoints + points > maxWaitingPoints || this.#waiting.length >= maxWaitingReports;
    if (isFull && this.#waiting.length > 0) {
      throw new CallerError('TOO_BUSY', 'The metric store is behind. Send this report again in a second.', {
        retryAfterMs: 1000,
      });
    }
    this.#waitingPoints += points;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, points, resolve, reject });
      if (this.#committers.size < maxCommits && !this.#busyTrials.has(batch.trialId)) this.#startCommitting();
    });
  }

  async close(): Promise<void> {
    while (this.#committers.size > 0) await Promise.all(Array.from(this.#committers, ({ end }) => end));
  }

  #startCommitting(): void {
    const committer = { end: Promise.resolve() };
    this.#committers.add(committer);
    committer.end = this.#commitAll(committer);
  }

  async #commitAll(committer: { end: Promise<void> }): Promise<void> {
    for (;;) {
      // What the next turn of the event loop reads from the sockets may still join.
      await new Promise<void>((resolve) => setImmediate(resolve));
      const group = this.#takeGroup();
      if (group.length === 0) {
        // Not later: a report that comes in between would wait for nobody.
        this.#committers.delete(committer);
        return;
      }
      const trialIds = group.map(({ batch }) => batch.trialId);
      for (const id of trialIds) this.#busyTrials.add(id);
      await this.#commitGroup(group);
      for (const id of trialIds) this.#busyTrials.delete(id);
    }
  }

  /** The next reports that no other commit has to come before; they no longer wait. */
  #takeGroup(): Waiting[] {
    const group: Waiting[] = [];
    const left: Waiting[] = [];
    let points = 0;
    let isFull = false;
    for (const waiting of this.#waiting) {
      isFull ||= group.length > 0 && points + waiting.points > maxCommitPoints;
      if (isFull || this.#busyTrials.has(waiting.batch.trialId)) {
        left.push(waiting);
      } else {
        group.push(waiting);
        points += waiting.points;
      }
    }
    this.#waiting = left;
    this.#waitingPoints -= points;
    return group;
  }

  async #commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const { results, commits } = await storeBatches(
        this.#pool,
        group.map((waiting) => waiting.batch),
      );
      if (commits.length > 0) this.#onCommit(commits);
      group.forEach((waiting, i) => {
        waiting.resolve(results[i]!);
      });
    } catch (error) {
      if (group.length > 1 && isInputRefused(error)) {
        // One caller's fault must not be the others'.
        for (const waiting of group) await this.#commitGroup([waiting]);
      } else {
        for (const waiting of group) waiting.reject(error);
      }
    }
  }

  async read(trialIds: readonly number[], request: SeriesRequest): Promise<Map<number, NamedPoints[]>> {
    return readSeries(this.#pool, trialIds, request);
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

  async readAfter(scope: MetricScope, after: number, maxPoints: number, upTo?: number): Promise<CommitPage> {
    return readCommits(this.#pool, scope, after, maxPoints, upTo);
  }
}
