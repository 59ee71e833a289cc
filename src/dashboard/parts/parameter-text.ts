import type { Json } from '../../client/index.ts';
import { formatValue } from '../format/number.ts';
import { conditionText } from './condition.ts';
import { jsonText } from './json-text.ts';

/** A parameter of a search space in short: 1e-4 to 0.1, log; a choice of adam, sgd; with its condition. */
export function parameterText(parameter: Json | undefined): string | null {
  if (parameter === null || typeof parameter !== 'object' || Array.isArray(parameter)) {
    return parameter === undefined ? null : jsonText(parameter);
  }
  const { type, low, high, log, step, choices, value, when } = parameter as Readonly<Record<string, Json>>;
  const condition = when === undefined ? '' : `, where ${conditionText(when)}`;
  if (type === 'categorical') return `one of ${jsonText(choices)}${condition}`;
  if (type === 'fixed') return `always ${jsonText(value)}${condition}`;
  const whole = type === 'int' ? ', whole' : '';
  const steps = typeof step === 'number' ? `, by ${formatValue(step)}` : '';
  return `${formatValue(low as number)} to ${formatValue(high as number)}${whole}${log === true ? ', log' : ''}${steps}${condition}`;
}
