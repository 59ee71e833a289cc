import type { PoolClient } from 'pg';
import {
  changeableStudyColumns,
  changeableTrialColumns,
  type StudyEventKind,
  type StudyRecord,
  studyRow,
  type TrialRecord,
  trialColumns,
  trialRow,
} from './records.ts';

/** What a new trial starts with; the rest is as the table's defaults say. */
export type NewTrial = Pick<TrialRecord, 'params'> & Partial<Omit<TrialRecord, 'id' | 'studyId' | 'number'>>;

interface PendingEvent {
  readonly kind: StudyEventKind;
  readonly trial: TrialRecord | null;
  readonly change: Record<string, unknown>;
}

/**
 * One transaction's changes to a study whose row is locked. Reads go to the database at once; `saveTrials` and
 * `saveStudy` are collected and written by `flush`, each with its event.
 */
export class StudyChange {
  readonly client: PoolClient;
  readonly #lastEventBefore: number;
  #study: StudyRecord;
  #studyChanged = false;
  readonly #saved = new Map<number, TrialRecord>();
  readonly #events: PendingEvent[] = [];

  constructor(client: PoolClient, study: StudyRecord) {
    this.client = client;
    this.#lastEventBefore = study.lastEvent;
    this.#study = study;
  }

  /** The study with all changes so far. */
  get study(): StudyRecord {
    return this.#study;
  }

  get events(): readonly PendingEvent[] {
    return this.#events;
  }

  /** The study's trials among `ids`, by number; nobody renews their leases until this transaction ends. */
  async trials(ids: readonly number[]): Promise<TrialRecord[]> {
    const { rows } = await this.client.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial WHERE study_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE`,
      [this.#study.id, ids],
    );
    return rows;
  }

  /**
   * The oldest QUEUED trials that are not paused and whose time has come; the study's row lock keeps two claims from
   * seeing the same one.
   */
  async queuedTrials(limit: number, now: Date): Promise<TrialRecord[]> {
    const { rows } = await this.client.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial WHERE study_id = $1 AND state = 'QUEUED' AND prune_reason IS NULL AND NOT held
         AND (retry_at IS NULL OR retry_at <= $3)
       ORDER BY number LIMIT $2`,
      [this.#study.id, limit, now],
    );
    return rows;
  }

  /** The trial of this number, which the caller knows to be there. */
  async trialOfNumber(number: number): Promise<TrialRecord> {
    const { rows } = await this.client.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial WHERE study_id = $1 AND number = $2`,
      [this.#study.id, number],
    );
    return rows[0]!;
  }

  /** How many QUEUED trials there are, those that are paused left out. */
  async countQueued(): Promise<number> {
    const { rows } = await this.client.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM trial
       WHERE study_id = $1 AND state = 'QUEUED' AND prune_reason IS NULL AND NOT held`,
      [this.#study.id],
    );
    return rows[0]!.count;
  }

  /** All QUEUED and RUNNING trials, by number. */
  async unfinishedTrials(): Promise<TrialRecord[]> {
    const { rows } = await this.client.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial WHERE study_id = $1 AND state IN ('QUEUED', 'RUNNING')
       ORDER BY id FOR NO KEY UPDATE`,
      [this.#study.id],
    );
    return rows;
  }

  /** Creates trials with the next numbers. */
  async insertTrials(kind: StudyEventKind, trials: readonly NewTrial[]): Promise<TrialRecord[]> {
    if (trials.length === 0) return [];
    const first = this.#study.trialCount;
    const now = new Date();
    const rows = trials.map((trial, index) => ({
      ...trialRow({
        ...unborn,
        queuedAt: now,
        ...trial,
        id: 0,
        studyId: this.#study.id,
        number: first + index,
      }),
      id: undefined,
    }));
    const columns = Object.keys(trialRow(unborn)).filter((column) => column !== 'id');
    const { rows: inserted } = await this.client.query<TrialRecord>(
      `INSERT INTO trial (${columns.join(', ')})
       SELECT ${columns.join(', ')} FROM json_populate_recordset(NULL::trial, $1::json) ORDER BY number
       RETURNING ${trialColumns}`,
      [JSON.stringify(rows)],
    );
    inserted.sort((a, b) => a.number - b.number);
    this.#study = { ...this.#study, trialCount: first + trials.length };
    this.#studyChanged = true;
    for (const trial of inserted) this.#addTrialEvent(kind, trial);
    return inserted;
  }

  /** Saves a trial's new state; the caller read it in this transaction. */
  saveTrial(kind: StudyEventKind, trial: TrialRecord): TrialRecord {
    this.#saved.set(trial.id, trial);
    this.#addTrialEvent(kind, trial);
    return trial;
  }

  saveStudy(kind: StudyEventKind, study: StudyRecord): StudyRecord {
    const lastEvent = this.#lastEventBefore + this.#events.length + 1;
    this.#study = { ...study, updatedAt: new Date(), lastEvent };
    this.#studyChanged = true;
    this.#events.push({ kind, trial: null, change: pick(studyRow(this.#study), changeableStudyColumns) });
    return this.#study;
  }

  /** Writes all that was saved, in one statement a table; asks all of them before it first waits. */
  async flush(): Promise<void> {
    const { length } = this.#events;
    if (length > 0) this.#study = { ...this.#study, lastEvent: this.#lastEventBefore + length };
    await Promise.all([
      this.#saved.size > 0 && this.#updateTrials(),
      length > 0 && this.#appendEvents(),
      (this.#studyChanged || length > 0) && this.#updateStudy(),
    ]);
  }

  async #updateTrials(): Promise<void> {
    const assignments = changeableTrialColumns.map((column) => `${column} = patch.${column}`);
    await this.client.query(
      `UPDATE trial SET ${assignments.join(', ')}
       FROM json_populate_recordset(NULL::trial, $1::json) AS patch WHERE trial.id = patch.id`,
      [JSON.stringify([...this.#saved.values()].map(trialRow))],
    );
  }

  async #updateStudy(): Promise<void> {
    const assignments = changeableStudyColumns.map((column) => `${column} = patch.${column}`);
    await this.client.query(
      `UPDATE study SET ${assignments.join(', ')}
       FROM json_populate_record(NULL::study, $1::json) AS patch WHERE study.id = patch.id`,
      [JSON.stringify(studyRow(this.#study))],
    );
  }

  async #appendEvents(): Promise<void> {
    await this.client.query(
      `INSERT INTO study_event (study_id, sequence, kind, trial_id, at, change)
       SELECT $1, $2 + event.ordinality, event.value ->> 'kind', (event.value ->> 'trialId')::integer, $3,
              event.value -> 'change'
       FROM json_array_elements($4::json) WITH ORDINALITY AS event`,
      [
        this.#study.id,
        this.#lastEventBefore,
        new Date(),
        JSON.stringify(
          this.#events.map(({ kind, trial, change }) => ({ kind, trialId: trial?.id ?? null, change })),
        ),
      ],
    );
  }

  #addTrialEvent(kind: StudyEventKind, trial: TrialRecord): void {
    this.#events.push({ kind, trial, change: pick(trialRow(trial), changeableTrialColumns) });
  }
}

const unborn: TrialRecord = {
  id: 0,
  studyId: 0,
  number: 0,
  state: 'QUEUED',
  params: {},
  values: null,
  feasible: null,
  attempt: 0,
  worker: null,
  leaseUntil: null,
  leaseMs: null,
  device: null,
  backend: null,
  error: null,
  pruneReason: null,
  promotions: 0,
  held: false,
  failures: 0,
  retryAt: null,
  timeoutAt: null,
  totalSteps: null,
  predictedBytes: null,
  peakBytes: null,
  retryOf: null,
  notes: null,
  tags: [],
  queuedAt: new Date(0),
  startedAt: null,
  finishedAt: null,
};

function pick(row: Record<string, unknown>, columns: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}
