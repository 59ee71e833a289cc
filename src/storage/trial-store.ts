import type { Pool } from 'pg';
import { notFound } from '../core/errors.ts';
import { type TrialState, trialStates } from '../core/trial.ts';
import { noTrials, type TrialCounts } from '../core/trial-counts.ts';
import { type TrialRecord, trialColumns } from './records.ts';
import {
  afterCondition,
  filterCondition,
  orderClause,
  orderKey,
  SqlValues,
  type TrialFilter,
  type TrialOrder,
  type TrialPosition,
} from './trial-query.ts';

export interface TrialPageRequest {
  readonly studyId: number;
  readonly filter: TrialFilter;
  readonly order: TrialOrder;
  readonly limit: number;
  readonly after: TrialPosition | null;
}

export interface PlacedTrial {
  readonly trial: TrialRecord;
  readonly position: TrialPosition;
}

/** Reads trials. */
export class TrialStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** @throws CallerError NOT_FOUND */
  async get(id: number): Promise<TrialRecord> {
    const [trial] = await this.findMany([id]);
    if (trial == null) throw notFound('trial', id);
    return trial;
  }

  /** The trials of these ids; null where there is none. */
  async findMany(ids: readonly number[]): Promise<(TrialRecord | null)[]> {
    const { rows } = await this.#pool.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial JOIN study ON study.id = trial.study_id
       WHERE trial.id = ANY ($1) AND study.deleted_at IS NULL`,
      [ids],
    );
    const byId = new Map(rows.map((trial) => [trial.id, trial]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  async findByNumbers(studyId: number, numbers: readonly number[]): Promise<TrialRecord[]> {
    const { rows } = await this.#pool.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial
       JOIN unnest($2::integer[]) WITH ORDINALITY AS wanted (number, place) USING (number)
       WHERE study_id = $1 ORDER BY place`,
      [studyId, numbers],
    );
    return rows;
  }

  /** All trials of a study, by number. */
  async all(studyId: number): Promise<TrialRecord[]> {
    const { rows } = await this.#pool.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial WHERE study_id = $1 ORDER BY number`,
      [studyId],
    );
    return rows;
  }

  /** How long trials ran, by number; those that have not ended are missing. */
  async durationsMs(studyId: number): Promise<Map<number, number>> {
    const { rows } = await this.#pool.query<[number, number]>({
      text: `SELECT number, extract(epoch FROM finished_at - started_at)::float8 * 1000 FROM trial
             WHERE study_id = $1 AND finished_at IS NOT NULL AND started_at IS NOT NULL`,
      values: [studyId],
      rowMode: 'array',
    });
    return new Map(rows);
  }

  async page({ studyId, filter, order, limit, after }: TrialPageRequest): Promise<PlacedTrial[]> {
    const values = new SqlValues();
    const study = values.add(studyId);
    const expressions = orderKey(order, values);
    const conditions = [`trial.study_id = ${study}`, filterCondition(filter, values)];
    if (after !== null) conditions.push(afterCondition(expressions, order.descending, after, values));
    const { rows } = await this.#pool.query<
      TrialRecord & { orderKey: TrialPosition['key']; missing: boolean }
    >(
      `SELECT ${trialColumns}, ${expressions.key} AS "orderKey", ${expressions.key} IS NULL AS missing FROM trial
       WHERE ${conditions.join(' AND ')}
       ORDER BY ${orderClause(expressions, order.descending)} LIMIT ${values.add(limit)}`,
      values.list,
    );
    return rows.map(({ orderKey: key, missing, ...trial }) => ({
      trial,
      position: { missing, key, number: trial.number },
    }));
  }

  async count(studyId: number, filter: TrialFilter): Promise<number> {
    const values = new SqlValues();
    const { rows } = await this.#pool.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM trial
       WHERE trial.study_id = ${values.add(studyId)} AND ${filterCondition(filter, values)}`,
      values.list,
    );
    return rows[0]!.count;
  }

  /** How many trials of each study are in each state. */
  async countsByState(studyIds: readonly number[]): Promise<Map<number, TrialCounts>> {
    const { rows } = await this.#pool.query<TrialCounts & { studyId: number }>(
      `SELECT study_id AS "studyId", ${trialStates.map(countOf).join(', ')}, count(*)::integer AS total
       FROM trial WHERE study_id = ANY ($1) GROUP BY study_id`,
      [studyIds],
    );
    const found = new Map(rows.map(({ studyId, ...counts }) => [studyId, counts]));
    return new Map(studyIds.map((id) => [id, found.get(id) ?? noTrials]));
  }

  /** RUNNING trials whose lease ended before `now`: nobody owns them any more. */
  async withEndedLease(now: Date): Promise<Pick<TrialRecord, 'id' | 'studyId'>[]> {
    const { rows } = await this.#pool.query<Pick<TrialRecord, 'id' | 'studyId'>>(
      `SELECT id, study_id AS "studyId" FROM trial WHERE state = 'RUNNING' AND lease_until < $1`,
      [now],
    );
    return rows;
  }

  /** RUNNING trials of a worker. */
  async runningOn(worker: string): Promise<Pick<TrialRecord, 'id' | 'studyId'>[]> {
    const { rows } = await this.#pool.query<Pick<TrialRecord, 'id' | 'studyId'>>(
      `SELECT id, study_id AS "studyId" FROM trial WHERE state = 'RUNNING' AND worker = $1`,
      [worker],
    );
    return rows;
  }

  /** Prolongs leases that are still held; the result are the trials for which that worked. */
  async renewLeases(
    leases: readonly { id: number; attempt: number | null }[],
    leaseUntil: Date,
  ): Promise<TrialRecord[]> {
    const { rows } = await this.#pool.query<TrialRecord>(
      `UPDATE trial SET lease_until = greatest(lease_until, $3)
       WHERE id IN (
         -- locked in one order everywhere, so that two workers with trials in common cannot deadlock
         SELECT trial.id FROM trial
         JOIN unnest($1::integer[], $2::integer[]) AS lease (id, attempt)
           ON lease.id = trial.id AND coalesce(lease.attempt, trial.attempt) = trial.attempt
         WHERE trial.state = 'RUNNING' ORDER BY trial.id FOR NO KEY UPDATE OF trial
       )
       RETURNING ${trialColumns}`,
      [leases.map((lease) => lease.id), leases.map((lease) => lease.attempt), leaseUntil],
    );
    return rows;
  }
}

function countOf(state: TrialState): string {
  return `count(*) FILTER (WHERE state = '${state}')::integer AS ${state.toLowerCase()}`;
}
