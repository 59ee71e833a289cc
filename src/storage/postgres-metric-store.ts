import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import { CallerError } from '../core/errors.ts';
import { settleTrials } from './metric-journal.ts';
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

/** Tells the callers of a group what became of their reports. */
type Answer = () => void;

/** Beyond this many waiting points or reports, which take up to some 100 MB, callers are told to come back later. */
const maxWaitingPoints = 2_000_000;
const maxWaitingReports = 20_000;
/** One transaction takes at most this many points, to keep its latency bounded. */
const maxCommitPoints = 250_000;
/** Of more points a series than this, the chunks cost little beside the points, and those would be written twice. */
const defaultJournaledPoints = 32;
/**
 * So many points are committed without waiting for more: half of the clients are read while the database stores what the
 * other half sent. Of fewer, the commit itself would cost more than the points.
 */
const enoughPoints = 4_000;
/** How finely timers wait. */
const timerMs = 1;

/**
 * Metric points as column chunks in PostgreSQL, small commits by way of a journal. Reports that arrive while a commit is under way wait and go into the
 * next one together (group commit), so the number of commits follows the disk and not the number of clients.
 */
export class PostgresMetricStore implements MetricStore {
  readonly #pool: Pool;
  readonly #onStored: (studyIds: readonly number[]) => void;
  readonly #journaledPoints: number;
  readonly #waiting: Waiting[] = [];
  #waitingPoints = 0;
  #committing: Promise<void> | null = null;
  /** How long the last commit took, and how many reports were in it or had come by its end. */
  #lastCommit = { ms: 0, reports: 0 };
  #commitsMs = 0;
  #commitStart: number | null = null;

  /**
   * @param onStored is told of studies that have new points
   * @param journaledPoints a commit of so many points a series, or fewer, waits in the journal for others
   */
  constructor(
    pool: Pool,
    onStored: (studyIds: readonly number[]) => void,
    journaledPoints = defaultJournaledPoints,
  ) {
    this.#pool = pool;
    this.#onStored = onStored;
    this.#journaledPoints = journaledPoints;
  }

  /** How long commits have been under way in all, in milliseconds. */
  get storingMs(): number {
    return this.#commitsMs + (this.#commitStart === null ? 0 : performance.now() - this.#commitStart);
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
      this.#committing ??= this.#commitAll();
    });
  }

  async close(): Promise<void> {
    await this.#committing;
  }

  async #commitAll(): Promise<void> {
    let answer: Answer | null = null;
    while (this.#waiting.length > 0) {
      const postponed = this.#waitingPoints < enoughPoints ? null : answer;
      if (postponed === null) {
        answer?.();
        await this.#gather();
      }
      const group = this.#takeGroup();
      const start = performance.now();
      this.#commitStart = start;
      // Not before the database has its next work.
      if (postponed !== null) setImmediate(postponed);
      answer = await this.#commitGroup(group);
      this.#commitStart = null;
      const ms = performance.now() - start;
      this.#commitsMs += ms;
      this.#lastCommit = { ms, reports: group.length + this.#waiting.length };
    }
    answer?.();
    this.#committing = null;
  }

  /**
   * Clients that were answered by one commit report again at about the same time. Their reports are worth waiting for, no
   * longer than a commit takes, since most of the cost of a small one is the same however many it holds.
   */
  async #gather(): Promise<void> {
    const { ms, reports } = this.#lastCommit;
    const end = performance.now() + ms;
    // What the next turn of the event loop reads from the sockets may still join in any case.
    await nextTurn();
    while (
      this.#waiting.length < reports &&
      this.#waitingPoints < enoughPoints &&
      performance.now() + timerMs <= end
    ) {
      await setTimeout(timerMs);
    }
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

  /** Never throws. */
  async #commitGroup(group: readonly Waiting[]): Promise<Answer> {
    try {
      const { results, commits } = await storeBatches(
        this.#pool,
        group.map((waiting) => waiting.batch),
        this.#journaledPoints,
      );
      this.#tell(group, results, commits);
      return () => {
        for (let i = 0; i < group.length; i++) group[i]!.resolve(results[i]!);
      };
    } catch (error) {
      if (group.length > 1 && isInputRefused(error)) {
        // One caller's fault must not be the others'.
        const answers: Answer[] = [];
        for (const waiting of group) answers.push(await this.#commitGroup([waiting]));
        return () => {
          for (const answer of answers) answer();
        };
      }
      return () => {
        for (const waiting of group) waiting.reject(error);
      };
    }
  }

  /** A repeated batch may be one whose commit was not heard of: its followers have not been woken yet. */
  #tell(group: readonly Waiting[], results: readonly AppendResult[], commits: readonly MetricCommit[]): void {
    const repeated = group.filter((_, i) => results[i]!.outcome === 'repeated');
    const studyIds = new Set(
      [...commits, ...repeated.map(({ batch }) => batch)].map(({ studyId }) => studyId),
    );
    if (studyIds.size > 0) this.#onStored([...studyIds]);
  }

  async read(trialIds: readonly number[], request: SeriesRequest): Promise<Map<number, NamedPoints[]>> {
    await settleTrials(this.#pool, trialIds);
    return readSeries(this.#pool, trialIds, request);
  }

  async summaries(
    trialIds: readonly number[],
    names?: readonly string[],
  ): Promise<Map<number, SeriesSummary[]>> {
    await settleTrials(this.#pool, trialIds);
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
