import type { JsonScalar } from '../../../../client/index.ts';
import type { TrialRow } from '../../../operations/trials.ts';
import type { TrialColumn } from './trial-columns.ts';

/** Trials as comma-separated values (RFC 4180), with the ids of the columns as heads. */
export function trialsAsCsv(columns: readonly TrialColumn[], trials: readonly TrialRow[]): string {
  const head = columns.map(({ id }) => id.replace(/^(value|param):/, ''));
  const rows = trials.map((trial) => columns.map((column) => column.value(trial)));
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: JsonScalar): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
