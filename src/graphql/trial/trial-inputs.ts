import type { NumberFilter, RangeFilter, TrialFilter } from '../../core/trial-list/trial-filter.ts';
import { builder } from '../builder.ts';
import { TrialOrderField, TrialState } from '../enums.ts';

const NumberFilterInput = builder.inputRef<NumberFilter>('NumberFilter').implement({
  description: 'Compares the entry `name`; without a comparison, the entry must exist.',
  fields: (t) => ({
    name: t.string({ required: true }),
    lt: t.float(),
    lte: t.float(),
    gt: t.float(),
    gte: t.float(),
    eq: t.field({ type: 'JSON' }),
  }),
});

const RangeFilterInput = builder.inputRef<RangeFilter>('RangeFilter').implement({
  description: 'Without a bound: what has such a number at all.',
  fields: (t) => ({ lt: t.float(), lte: t.float(), gt: t.float(), gte: t.float() }),
});

export const TrialFilterInput = builder.inputRef<TrialFilter>('TrialFilter');
TrialFilterInput.implement({
  description: 'All given parts must hold.',
  fields: (t) => ({
    numbers: t.intList({ description: 'Any of these.' }),
    states: t.field({ type: [TrialState] }),
    params: t.field({ type: [NumberFilterInput] }),
    values: t.field({ type: [NumberFilterInput] }),
    number: t.field({ type: RangeFilterInput }),
    durationMs: t.field({ type: RangeFilterInput, description: 'Of trials that ran and ended.' }),
    startedMs: t.field({ type: RangeFilterInput, description: 'In milliseconds since 1970.' }),
    attempt: t.field({ type: RangeFilterInput }),
    devices: t.stringList({ description: 'Those that ran on one of these.' }),
    tags: t.stringList({ description: 'Those that have all of these.' }),
    notesContain: t.string({ description: 'A part of the notes, in large or small letters.' }),
    and: t.field({ type: [TrialFilterInput] }),
    or: t.field({ type: [TrialFilterInput] }),
    not: t.field({ type: TrialFilterInput }),
  }),
});

export const TrialOrderInput = builder.inputType('TrialOrder', {
  fields: (t) => ({
    field: t.field({ type: TrialOrderField, required: true }),
    name: t.string({ description: 'The metric for VALUE, the parameter for PARAM.' }),
    descending: t.boolean({ defaultValue: false }),
  }),
});
