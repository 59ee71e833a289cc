import type { Client, StudyState } from '../../../client/index.ts';
import { pauseStudy, startStudy, stopStudy } from '../../operations/studies.ts';

/** What its buttons and dialogs need of a study. */
export interface ActedStudy {
  readonly id: string;
  readonly name: string;
  readonly state: StudyState;
  readonly trialCounts: { readonly total: number };
}

/** For `useAction`. */
export const studyChanges = {
  start: (client: Client, id: string) => client.mutate(startStudy, { id }),
  pause: (client: Client, id: string) => client.mutate(pauseStudy, { id }),
  stop: (client: Client, id: string) => client.mutate(stopStudy, { id }),
};
