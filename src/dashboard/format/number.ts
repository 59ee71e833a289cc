const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A count, with commas: 12,345. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** A count of what has a name, of which there may be one: 1 trial, 12,345 trials. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A count in little room: 999, 1.2k, 3.4M. */
export function formatShortCount(count: number): string {
  return Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}

/**
 * A measured value or a parameter with four significant digits at most: 0.9731, 1.25e-5, 12,345. Null, NaN and
 * undefined are a dash.
 */
export function formatValue(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (Number.isInteger(value) && size < 1e7) return minus(grouped.format(value));
  if (size >= 1e7 || size < 1e-3)
    return minus(
      value
        .toExponential(digits - 2)
        .replace(/\.?0+e/, 'e')
        .replace('e+', 'e'),
    );
  return minus(Intl.NumberFormat('en', { maximumSignificantDigits: digits }).format(value));
}

/** A share of 1 as a percentage: 0.4217 is 42%, and 0.4217 with one digit 42.2%. */
export function formatShare(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)}%`;
}

function minus(text: string): string {
  return text.replace(/^-/, '−');
}
