import { isActive } from '../condition.ts';
import type { LinearConstraint, NamedParameter, Parameter, Params, SearchSpace } from '../space.ts';

/** Sums are compared up to rounding: by so much of the sum of their terms' magnitudes. */
const rounding = 1e-9;

/** Whether a setting keeps all constraints of its space between parameters. */
export function keepsConstraints({ constraints }: SearchSpace, params: Params): boolean {
  return constraints.every((constraint) => keeps(constraint, params));
}

/** Whether a setting keeps a constraint, or the constraint does not apply to it. */
export function keeps(constraint: LinearConstraint, params: Params): boolean {
  if (!isActive(constraint, params)) return true;
  const { sum, lte, gte } = constraint;
  let total = 0;
  let magnitude = 0;
  let applies = false;
  for (const [name, coefficient] of Object.entries(sum)) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (typeof value !== 'number') continue;
    applies = true;
    total += coefficient * value;
    magnitude += Math.abs(coefficient * value);
  }
  if (!applies) return true;
  return !(
    (lte !== undefined && total - lte > rounding * (magnitude + Math.abs(lte))) ||
    (gte !== undefined && gte - total > rounding * (magnitude + Math.abs(gte)))
  );
}

/** The least and greatest number a parameter can be; null for one that can be something else. */
export function numericRange(parameter: Parameter): { readonly low: number; readonly high: number } | null {
  if (parameter.type !== 'categorical') return parameter;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const choice of parameter.choices) {
    if (typeof choice !== 'number') return null;
    low = Math.min(low, choice);
    high = Math.max(high, choice);
  }
  return { low, high };
}

/** A constraint as a message shows it: `width + 2 depth <= 10`. */
export function showConstraint({ sum, lte, gte }: LinearConstraint): string {
  const terms = Object.entries(sum).map(([name, coefficient], i) => {
    const size = Math.abs(coefficient);
    const sign = coefficient < 0 ? '- ' : i === 0 ? '' : '+ ';
    return `${sign}${size === 1 ? '' : `${size} `}${name}`;
  });
  const middle = terms.join(' ');
  if (gte === undefined) return `${middle} <= ${lte}`;
  return lte === undefined ? `${middle} >= ${gte}` : `${gte} <= ${middle} <= ${lte}`;
}

/** What keeping the constraints of a space is about. */
export interface ConstrainedParameters {
  /** Those in a sum. */
  readonly summed: ReadonlySet<NamedParameter>;
  /**
   * Those, and all that decide whether they exist or a constraint applies. First those that others depend on, parents
   * before children, then those with finitely many values, then the continuous.
   */
  readonly ordered: readonly NamedParameter[];
  /** The numbers at which conditions on a parameter begin or cease to hold, by its name. */
  readonly borders: ReadonlyMap<string, readonly number[]>;
}

const known = new WeakMap<SearchSpace, ConstrainedParameters>();

export function constrainedParameters(space: SearchSpace): ConstrainedParameters {
  let found = known.get(space);
  if (found === undefined) {
    found = findConstrained(space);
    known.set(space, found);
  }
  return found;
}

function findConstrained({ parameters, byName, constraints }: SearchSpace): ConstrainedParameters {
  const summed = new Set<NamedParameter>();
  const deciding = new Set<NamedParameter>();
  const visitParents = ({ when }: { readonly when?: LinearConstraint['when'] }): void => {
    for (const name of Object.keys(when ?? {})) {
      const parent = byName.get(name)!;
      if (deciding.has(parent)) continue;
      deciding.add(parent);
      visitParents(parent);
    }
  };
  for (const constraint of constraints) {
    visitParents(constraint);
    for (const name of Object.keys(constraint.sum)) {
      const parameter = byName.get(name)!;
      summed.add(parameter);
      visitParents(parameter);
    }
  }
  const rank = (parameter: NamedParameter): number => {
    if (deciding.has(parameter)) return 0;
    return parameter.type === 'float' && parameter.step === undefined ? 2 : 1;
  };
  const ordered = parameters.filter((parameter) => summed.has(parameter) || deciding.has(parameter));
  return {
    summed,
    ordered: ordered.toSorted((a, b) => rank(a) - rank(b)),
    borders: bordersOf([...parameters, ...constraints]),
  };
}

function bordersOf(conditional: readonly { readonly when?: LinearConstraint['when'] }[]) {
  const borders = new Map<string, number[]>();
  for (const { when } of conditional) {
    for (const [name, test] of Object.entries(when ?? {})) {
      const bounds = typeof test === 'object' && test !== null ? Object.values(test).flat() : [test];
      const known = borders.get(name) ?? [];
      for (const bound of bounds) if (typeof bound === 'number') known.push(bound);
      borders.set(name, known);
    }
  }
  return borders;
}
