import type { Parameter } from './space.ts';

/** The values of a parameter in words: `an integer from 1 to 9 in steps of 2`. */
export function describeValues(parameter: Parameter): string {
  if (parameter.type === 'categorical') {
    const shown = parameter.choices.slice(0, 10).map((choice) => JSON.stringify(choice));
    if (parameter.choices.length > shown.length) shown.push('...');
    return shown.length === 1 ? shown[0]! : `one of ${shown.join(', ')}`;
  }
  if (parameter.low === parameter.high) return String(parameter.low);
  const kind = parameter.type === 'int' ? 'an integer' : 'a number';
  const steps = parameter.step === undefined ? '' : ` in steps of ${parameter.step}`;
  return `${kind} from ${parameter.low} to ${parameter.high}${steps}`;
}
