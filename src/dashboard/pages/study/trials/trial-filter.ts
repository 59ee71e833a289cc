import type { NumberFilter, TrialFilter, TrialOrder } from '../../../../client/index.ts';
import type { ColumnFilter, TrialsSearch } from '../trials-search.ts';
import type { TrialColumn } from './trial-columns.ts';

/** What the server is asked for, by what an address says; columns that the study does not have count for nothing. */
export function filterOf(search: TrialsSearch, columns: readonly TrialColumn[]): TrialFilter | null {
  const parts: TrialFilter[] = [];
  if (search.states !== undefined) parts.push({ states: search.states });
  if (search.hidePruned) parts.push({ not: { states: ['PRUNED'] } });
  for (const column of columns) {
    const filter = search.filters?.[column.id];
    if (filter !== undefined) parts.push(columnFilter(column, filter));
  }
  return parts.length === 0 ? null : { and: parts };
}

export function orderOf(search: TrialsSearch, columns: readonly TrialColumn[]): TrialOrder {
  const column = columns.find(({ id }) => id === search.order);
  return { ...(column?.orderBy ?? { field: 'NUMBER' }), descending: search.descending ?? false };
}

function columnFilter({ id, orderBy, filter: kind }: TrialColumn, filter: ColumnFilter): TrialFilter {
  const range = {
    ...(filter.min !== undefined && { gte: filter.min }),
    ...(filter.max !== undefined && { lte: filter.max }),
  };
  const { any, text } = filter;
  switch (kind) {
    case 'duration':
      return { durationMs: range };
    case 'time':
      return { startedMs: range };
    case 'devices':
      return { devices: (any ?? []).map(String) };
    case 'tags':
      return { tags: (any ?? []).map(String) };
    case 'text':
      return { notesContain: text ?? '' };
    case 'states':
      return {};
  }
  if (id === 'attempt') return { attempt: range };
  if (id === 'number') return { number: range };
  const part = orderBy.field === 'VALUE' ? 'values' : 'params';
  const name = orderBy.name!;
  const entry = (more: Omit<NumberFilter, 'name'>): TrialFilter => ({ [part]: [{ name, ...more }] });
  return any === undefined ? entry(range) : { or: any.map((eq) => entry({ eq })) };
}
