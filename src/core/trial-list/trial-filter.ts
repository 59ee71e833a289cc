import { InputError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { TrialState } from '../trial.ts';

export interface NumberFilter {
  readonly name: string;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
  readonly eq?: Json | undefined;
}

/** Bounds on a number; those of times are in milliseconds since 1970. */
export type RangeFilter = Omit<NumberFilter, 'name' | 'eq'>;

/** All given parts must hold; `params` and `values` compare by name, and what has no such entry does not match. */
export interface TrialFilter {
  readonly numbers?: readonly number[] | null | undefined;
  readonly states?: readonly TrialState[] | null | undefined;
  readonly params?: readonly NumberFilter[] | null | undefined;
  readonly values?: readonly NumberFilter[] | null | undefined;
  readonly number?: RangeFilter | null | undefined;
  readonly durationMs?: RangeFilter | null | undefined;
  readonly startedMs?: RangeFilter | null | undefined;
  readonly attempt?: RangeFilter | null | undefined;
  /** On one of these. */
  readonly devices?: readonly string[] | null | undefined;
  /** Has all of these. */
  readonly tags?: readonly string[] | null | undefined;
  /** A part of the notes, in large or small letters. */
  readonly notesContain?: string | null | undefined;
  readonly and?: readonly TrialFilter[] | null | undefined;
  readonly or?: readonly TrialFilter[] | null | undefined;
  readonly not?: TrialFilter | null | undefined;
}

const maxFilterDepth = 10;
const maxFilterParts = 500;
const maxFilterNumbers = 10_000;

/** Whether a filter asks for nothing, so that every trial passes. */
export function isEmptyFilter(filter: TrialFilter): boolean {
  return Object.values(filter).every((part) => part == null);
}

/** @throws InputError for a filter that would take too long */
export function checkFilterSize(filter: TrialFilter, path = 'filter'): void {
  const parts = countParts(filter, path, 1);
  if (parts > maxFilterParts) {
    throw InputError.at(path, `has ${parts} parts; at most ${maxFilterParts} are allowed.`);
  }
}

function countParts(filter: TrialFilter, path: string, depth: number): number {
  if (depth > maxFilterDepth) {
    throw InputError.at(path, `is nested too deeply; at most ${maxFilterDepth} levels are allowed.`);
  }
  if ((filter.numbers?.length ?? 0) > maxFilterNumbers) {
    throw InputError.at(`${path}.numbers`, `at most ${maxFilterNumbers} are allowed.`);
  }
  const inner = [...(filter.and ?? []), ...(filter.or ?? []), ...(filter.not == null ? [] : [filter.not])];
  const own = 1 + (filter.params?.length ?? 0) + (filter.values?.length ?? 0) + (filter.tags?.length ?? 0);
  return inner.reduce((sum, part) => sum + countParts(part, path, depth + 1), own);
}
