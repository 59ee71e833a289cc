import type { JsonScalar, TrialState } from '../../../client/index.ts';
import {
  compact,
  type RawSearch,
  readFlag,
  readList,
  readNumber,
  readOneOf,
  readText,
} from '../../shell/search-params.ts';
import { trialStateOrder } from '../../theme/trial-states.ts';

/** What is asked of a column: a range, some of its choices, or a part of its text. */
export interface ColumnFilter {
  readonly min?: number;
  readonly max?: number;
  readonly any?: readonly JsonScalar[];
  readonly text?: string;
}

export function readTrialsSearch(raw: RawSearch) {
  return compact({
    states: readList((item) => readOneOf(trialStateOrder, item), raw.states) as
      | readonly TrialState[]
      | undefined,
    hidePruned: readFlag(raw.hidePruned),
    /** By the id of a column: see trial-columns.tsx. */
    filters: readFilters(raw.filters),
    /** The id of the column that orders the trials; by number where absent. */
    order: readText(raw.order),
    descending: readFlag(raw.descending),
    /** Ids of the columns that are shown, in order; those that are usual where absent. */
    columns: readList(readText, raw.columns),
    /** Numbers of the selected trials. */
    selected: readList(readNumber, raw.selected),
  });
}

export type TrialsSearch = ReturnType<typeof readTrialsSearch>;

function readFilters(value: unknown): Readonly<Record<string, ColumnFilter>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).flatMap(([id, filter]) => {
    const read = readFilter(filter);
    return Object.keys(read).length > 0 ? [[id, read] as const] : [];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function readFilter(value: unknown): ColumnFilter {
  if (typeof value !== 'object' || value === null) return {};
  const { min, max, any, text } = value as Record<string, unknown>;
  return compact({
    min: readNumber(min),
    max: readNumber(max),
    any: readList(readScalar, any),
    text: readText(text),
  });
}

function readScalar(value: unknown): JsonScalar | undefined {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
    ? (value as JsonScalar)
    : undefined;
}
