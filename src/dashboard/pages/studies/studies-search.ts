import type { StudyState } from '../../../client/index.ts';
import {
  compact,
  type RawSearch,
  readList,
  readNumber,
  readOneOf,
  readText,
} from '../../shell/search-params.ts';

export const studyStates: readonly StudyState[] = ['CREATED', 'RUNNING', 'PAUSED', 'FINISHED'];
export const studyOrders = ['updated', 'created', 'name'] as const;

export function readStudiesSearch(raw: RawSearch) {
  return compact({
    /** A part of the name. */
    q: readText(raw.q),
    states: readList((item) => readOneOf(studyStates, item), raw.states),
    tags: readList(readText, raw.tags),
    project: readText(raw.project),
    /** `updated` where absent. */
    order: readOneOf(studyOrders, raw.order),
    /** How many are shown; 50 where absent. */
    count: readNumber(raw.count),
    /** The ids of those that are chosen to be compared. */
    selected: readList(readText, raw.selected),
  });
}
