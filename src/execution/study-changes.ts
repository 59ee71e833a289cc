import { conflict } from '../core/errors.ts';
import { nextStudyState, type StudyAction, type StudyState } from '../core/study.ts';
import type { StudyRecord } from '../storage/records.ts';

/** A study whose first trial starts, or that is started. */
export function started(study: StudyRecord, now: Date): StudyRecord {
  const state = moved(study, 'start');
  return { ...study, state, stopReason: null, startedAt: study.startedAt ?? now, finishedAt: null };
}

export function paused(study: StudyRecord): StudyRecord {
  return { ...study, state: moved(study, 'pause') };
}

export function finished(study: StudyRecord, reason: string, now: Date): StudyRecord {
  return { ...study, state: moved(study, 'finish'), stopReason: reason, finishedAt: now };
}

/** How many trials the study makes at most, by its rules and by what it was started with. */
export function trialLimit({ stopRules, trialBudget }: StudyRecord): number {
  return Math.min(stopRules.maxTrials ?? Number.POSITIVE_INFINITY, trialBudget ?? Number.POSITIVE_INFINITY);
}

/** @throws CallerError CONFLICT where the action is not allowed in the study's state */
function moved(study: StudyRecord, action: StudyAction): StudyState {
  const state = nextStudyState(study.state, action);
  if (state === null) {
    throw conflict(
      `The study is ${study.state}, so there is nothing to ${action}. Start it with startStudy.`,
      {
        state: study.state,
      },
    );
  }
  return state;
}
