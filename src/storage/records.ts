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
  readonly device: string | null;
  readonly backend: string | null;
  readonly error: string | null;
  readonly pruneReason: string | null;
  readonly totalSteps: number | null;
  readonly predictedBytes: number | null;
  readonly peakBytes: number | null;
  readonly retryOf: number | null;
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
  | 'TRIAL_COMPLETED'
  | 'TRIAL_PRUNED'
  | 'TRIAL_INFEASIBLE'
  | 'TRIAL_FAILED'
  | 'TRIAL_CANCELLED';

/** One committed change: the trial or the study as it was right after it. */
export interface StudyEventRecord {
  readonly studyId: number;
  readonly sequence: number;
  readonly kind: StudyEventKind;
  readonly at: Date;
  readonly trial: TrialRecord | null;
  readonly study: StudyRecord | null;
}

/** The columns of `study` under the names of `StudyRecord`. */
export const studyColumns = `
  study.id, study.project, study.name, study.description, study.state, study.stop_reason AS "stopReason",
  study.trainable, study.trainable_options AS "trainableOptions", study.objectives, study.constraints,
  study.search_space AS "searchSpace", study.sampler, study.pruner, study.stop_rules AS "stopRules",
  study.max_concurrent_trials AS "maxConcurrentTrials", study.tags, study.seed, study.trial_count AS "trialCount",
  study.trial_budget AS "trialBudget", study.last_event AS "lastEvent", study.created_at AS "createdAt",
  study.updated_at AS "updatedAt", study.started_at AS "startedAt", study.finished_at AS "finishedAt"`;

/** The columns of `trial` under the names of `TrialRecord`. */
export const trialColumns = `
  trial.id, trial.study_id AS "studyId", trial.number, trial.state, trial.params, trial.values, trial.feasible,
  trial.attempt, trial.worker, trial.lease_until AS "leaseUntil", trial.device, trial.backend, trial.error,
  trial.prune_reason AS "pruneReason", trial.total_steps AS "totalSteps", trial.predicted_bytes AS "predictedBytes",
  trial.peak_bytes AS "peakBytes", trial.retry_of AS "retryOf", trial.queued_at AS "queuedAt",
  trial.started_at AS "startedAt", trial.finished_at AS "finishedAt"`;

