import type { NumberRule } from '../field-reader.ts';
import { axisOf } from '../search-space/axis.ts';
import type { CategoricalParameter, Parameter } from '../search-space/space.ts';
import { normalPriorFields } from '../search-space/space-fields.ts';

/**
 * A narrower parameter with the default and the prior of the wider one, as far as they fit: a default outside goes, the
 * weights of the choices that are left stay, a normal keeps its width (its `sd` is a share of the range) and its mean,
 * moved to the nearest end where it is outside. `keptShare`: of the range.
 */
export function withRemainingBeliefs<P extends Parameter>(before: P, after: P, keptShare: number): P {
  const { default: value, prior, ...values } = after;
  const keepsDefault = value !== undefined && axisOf(after).snap(value) !== undefined;
  const remaining = prior && remainingPrior(before, after, keptShare);
  return {
    ...values,
    ...(keepsDefault ? { default: value } : {}),
    ...(remaining ? { prior: remaining } : {}),
  } as unknown as P;
}

function remainingPrior(before: Parameter, after: Parameter, keptShare: number) {
  if (after.type === 'categorical') {
    const { choices, prior } = before as CategoricalParameter;
    const left = new Set(after.choices);
    const weights = prior!.weights.filter((_, k) => left.has(choices[k]!));
    // Without any weight left nothing is believed of these.
    return weights.some((weight) => weight > 0) ? { weights } : undefined;
  }
  const { low, high } = after;
  if (low === high) return undefined;
  const { mean, sd } = after.prior!;
  const { min = 0, max = Number.POSITIVE_INFINITY } = normalPriorFields.sd as NumberRule;
  return {
    mean: Math.min(high, Math.max(low, mean)),
    sd: Number(Math.min(max, Math.max(min, sd / keptShare)).toPrecision(6)),
  };
}
