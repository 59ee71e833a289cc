/** What a number field takes; bounds are included save `above`. */
export interface NumberRule {
  readonly integer?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
}

/** Why a typed text is not such a number; null where it is one, or empty. */
export function numberFault(text: string, { integer, min, max, above }: NumberRule): string | null {
  if (text.trim() === '') return null;
  const value = Number(text);
  if (!Number.isFinite(value)) return 'must be a number, such as 10 or 1e-3.';
  if (integer && !Number.isSafeInteger(value)) return 'must be a whole number.';
  if (min !== undefined && value < min) return `must be at least ${min}.`;
  if (above !== undefined && value <= above) return `must be above ${above}.`;
  if (max !== undefined && value > max) return `must be at most ${max}.`;
  return null;
}

/** A number as people would type it: 1e-7 and not 0.0000001, but 200000 and not 2e+5. */
export function numberText(value: number): string {
  const plain = String(value);
  const exponential = value.toExponential().replace('+', '');
  if (Math.abs(value) >= 1 && Math.abs(value) < mostPlain) return plain;
  return exponential.length < plain.length - 1 ? exponential : plain;
}

const mostPlain = 1e7;
