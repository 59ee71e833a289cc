import type { Params } from '../core/search-space/space.ts';
import type { StudySettings, StudyState } from '../core/study.ts';
import type { TrialState } from '../core/trial.ts';

/** A study as it is stored. */
export interface StudyRecord extends StudySettings {
  readonly id: number;
  readonly state: StudyState;
  readonly stopReason: string | null;
  readonly seed: number;
  readonly trialCount: number;
  readonly trialBudget: number | null;
  readonly lastEvent: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** A trial as it is stored. */
export interface TrialRecord {
  readonly id: number;
  readonly studyId: number;
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  readonly values: Readonly<Record<string, number>> | null;
  readonly feasible: boolean | null;
  readonly attempt: number;
  readonly worker: string | null;
  readonly leaseUntil: Date | null;
  /** How long the owner asked for; a report prolongs the lease by as much. */
  readonly leaseMs: number | null;
  readonly device: string | null;
  readonly backend: string | null;
  readonly error: string | null;
  /** Why it was pruned; of a QUEUED trial, why it is paused. */
  readonly pruneReason: string | null;
  /** How often it was resumed after a pause: attempts that are no failures. */
  readonly promotions: number;
  /** Paused by request: while RUNNING it is to give its place back, while QUEUED it waits to be resumed. */
  readonly held: boolean;
  /** How many attempts failed or were lost. */
  readonly failures: number;
  /** While QUEUED after a failure: when the next attempt may start. */
  readonly retryAt: Date | null;
  /** When the attempt that runs, or ran last, has run for too long. */
  readonly timeoutAt: Date | null;
  readonly totalSteps: number | null;
  readonly predictedBytes: number | null;
  readonly peakBytes: number | null;
  readonly retryOf: number | null;
  /** What people write about it, as Markdown. */
  readonly notes: string | null;
  readonly tags: readonly string[];
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export type StudyEventKind =
  | 'STUDY_CREATED'
  | 'STUDY_UPDATED'
  | 'STUDY_STARTED'
  | 'STUDY_PAUSED'
  | 'STUDY_FINISHED'
  | 'TRIAL_QUEUED'
  | 'TRIAL_STARTED'
  | 'TRIAL_REQUEUED'
  | 'TRIAL_PAUSING'
  | 'TRIAL_PAUSED'
  | 'TRIAL_RESUMED'
  | 'TRIAL_COMPLETED'
  | 'TRIAL_PRUNED'
  | 'TRIAL_INFEASIBLE'
  | 'TRIAL_FAILED'
  | 'TRIAL_CANCELLED'
  | 'TRIAL_ANNOTATED'
  | 'ARTIFACT_ADDED'
  | 'ARTIFACT_DELETED';

/** One committed change: the trial or the study as it was right after it. */
export interface StudyEventRecord {
  readonly studyId: number;
  readonly sequence: number;
  readonly kind: StudyEventKind;
  readonly at: Date;
  readonly trial: TrialRecord | null;
  readonly study: StudyRecord | null;
}

/** The column of every field; the one place where names of records and of tables meet. */
const studyColumn: Readonly<Record<keyof StudyRecord, string>> = {
  id: 'id',
  project: 'project',
  name: 'name',
  description: 'description',
  state: 'state',
  stopReason: 'stop_reason',
  trainable: 'trainable',
  trainableOptions: 'trainable_options',
  objectives: 'objectives',
  constraints: 'constraints',
  scalarisation: 'scalarisation',
  searchSpace: 'search_space',
  sampler: 'sampler',
  pruner: 'pruner',
  stopRules: 'stop_rules',
  maxConcurrentTrials: 'max_concurrent_trials',
  priority: 'priority',
  isolation: 'isolation',
  trialTimeoutSeconds: 'trial_timeout_seconds',
  retries: 'retries',
  tags: 'tags',
  seed: 'seed',
  trialCount: 'trial_count',
  trialBudget: 'trial_budget',
  lastEvent: 'last_event',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
};

const trialColumn: Readonly<Record<keyof TrialRecord, string>> = {
  id: 'id',
  studyId: 'study_id',
  number: 'number',
  state: 'state',
  params: 'params',
  values: 'values',
  feasible: 'feasible',
  attempt: 'attempt',
  worker: 'worker',
  leaseUntil: 'lease_until',
  leaseMs: 'lease_ms',
  device: 'device',
  backend: 'backend',
  error: 'error',
  pruneReason: 'prune_reason',
  promotions: 'promotions',
  held: 'held',
  failures: 'failures',
  retryAt: 'retry_at',
  timeoutAt: 'timeout_at',
  totalSteps: 'total_steps',
  predictedBytes: 'predicted_bytes',
  peakBytes: 'peak_bytes',
  retryOf: 'retry_of',
  notes: 'notes',
  tags: 'tags',
  queuedAt: 'queued_at',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
};

/** Select lists that give rows the shape of the records. */
export const studyColumns = selectList('study', studyColumn);
export const trialColumns = selectList('trial', trialColumn);

/** What an event keeps of a trial, and what an update writes: all that can change after the trial was created. */
export const changeableTrialColumns = Object.values(trialColumn).filter(
  (column) => !['id', 'study_id', 'number', 'retry_of'].includes(column),
);
export const changeableStudyColumns = Object.values(studyColumn).filter(
  (column) => !['id', 'project', 'name', 'seed', 'created_at'].includes(column),
);

/** Records as rows of their table, ready for `jsonb_populate_record`. */
export const studyRow = (record: StudyRecord) => row(record, studyColumn);
export const trialRow = (record: TrialRecord) => row(record, trialColumn);

function selectList(table: string, columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([field, column]) => `${table}.${column} AS "${field}"`)
    .join(', ');
}

function row<R extends object>(
  record: R,
  columns: Readonly<Record<keyof R & string, string>>,
): Record<string, unknown> {
  const fields = Object.entries(columns) as [keyof R, string][];
  return Object.fromEntries(fields.map(([field, column]) => [column, record[field]]));
}
