import type { JsonScalar } from '../../client/index.ts';
import { formatValue } from './number.ts';

/** A parameter's value as people read it: one that its conditions leave out is a dash, an empty text its quotes. */
export function formatParam(value: JsonScalar | undefined): string {
  if (value === undefined) return '–';
  if (value === '') return '""';
  return typeof value === 'number' ? formatValue(value) : String(value);
}
