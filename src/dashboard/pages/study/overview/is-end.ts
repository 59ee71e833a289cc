import type { StudyEvent } from '../../../../client/index.ts';

/** Whether a trial has ended, so that what is made of results is stale. */
export function isEnd({ trial }: StudyEvent): boolean {
  return trial !== null && trial.finishedAt !== null;
}
