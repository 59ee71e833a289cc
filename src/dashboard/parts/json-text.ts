import type { Json } from '../../client/index.ts';
import { formatValue } from '../format/number.ts';

/** Settings as people read them: kind: tpe, seed: 3. Nothing is a dash. */
export function jsonText(value: Json | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return formatValue(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(jsonText).join(', ');
  const entries = Object.entries(value);
  if (entries.length === 0) return '–';
  return entries
    .map(
      ([name, item]) =>
        `${name}: ${item !== null && typeof item === 'object' ? `(${jsonText(item)})` : jsonText(item)}`,
    )
    .join(', ');
}
