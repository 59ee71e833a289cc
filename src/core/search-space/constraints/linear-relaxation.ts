import { isActive, meets } from '../condition.ts';
import type { Condition, LinearConstraint, NamedParameter, Params, SearchSpace } from '../space.ts';
import { constrainedParameters, numericRange } from './linear-constraint.ts';
import { LinearProgram, type Row } from './linear-program.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** By how much a value may be outside through rounding alone. */
  readonly margin: number;
}

/** Below the rounding that `keeps` allows, so that what is found is kept. */
const rounding = 5e-10;

/** Whether conditions hold under some decided values: null while that is open. */
function holds(
  item: { readonly when?: Condition },
  decided: Params,
  isOpen: (name: string) => boolean,
): boolean | null {
  if (isActive(item, decided)) return true;
  for (const [parent, test] of Object.entries(item.when!)) {
    if (Object.hasOwn(decided, parent) ? !meets(test, decided[parent]!) : !isOpen(parent)) return false;
  }
  return null;
}

interface Variable {
  readonly low: number;
  readonly high: number;
  readonly column: number;
}

/**
 * The values of `parameter`, which exists, for which the constraints of the space can be kept under the values decided
 * so far, when every parameter in `open`, those that are undecided, may be any real number of its range; null if there
 * are none. Exact for continuous parameters that all exist, and otherwise no interval is too small: a parameter that
 * may turn out not to exist may also be 0, and a constraint that may turn out not to apply is left out.
 */
export function feasibleInterval(
  space: SearchSpace,
  parameter: NamedParameter,
  decided: Params,
  open: ReadonlySet<NamedParameter>,
): Interval | null {
  const isOpen = (name: string): boolean => {
    const found = space.byName.get(name)!;
    return open.has(found) || found === parameter;
  };
  const own = numericRange(parameter)!;
  const variables = new Map<string, Variable>();
  const constants = new Map<string, number>();
  const existing = new Set<string>([parameter.name]);
  const add = (name: string, low: number, high: number): void => {
    if (low === high) constants.set(name, low);
    else variables.set(name, { low, high, column: variables.size });
  };
  add(parameter.name, own.low, own.high);
  for (const { name } of constrainedParameters(space).summed) {
    if (name === parameter.name) continue;
    const other = space.byName.get(name)!;
    if (Object.hasOwn(decided, name)) {
      constants.set(name, decided[name] as number);
      existing.add(name);
    } else if (open.has(other)) {
      const exists = holds(other, decided, isOpen);
      if (exists === false) continue;
      const { low, high } = numericRange(other)!;
      if (exists) existing.add(name);
      if (exists) add(name, low, high);
      else add(name, Math.min(0, low), Math.max(0, high));
    }
  }

  const rows: SparseRow[] = [];
  for (const constraint of space.constraints) {
    if (holds(constraint, decided, isOpen) !== true) continue;
    if (!Object.keys(constraint.sum).some((name) => existing.has(name))) continue;
    rows.push(...rowsOf(constraint, variables, constants));
  }
  if (rows.some((row) => row.entries.length === 0 && row.bound < -rounding * row.magnitude)) return null;
  return boundsOf(variables.get(parameter.name), own, variables.size, rows);
}

interface SparseRow {
  readonly entries: readonly { readonly variable: Variable; readonly coefficient: number }[];
  readonly bound: number;
  /** Of the numbers that the bound is the difference of. */
  readonly magnitude: number;
}

/** sum of the variables' terms <= bound, for each bound of the constraint. */
function rowsOf(
  { sum, lte, gte }: LinearConstraint,
  variables: ReadonlyMap<string, Variable>,
  constants: ReadonlyMap<string, number>,
): SparseRow[] {
  const side = (sign: 1 | -1, limit: number): SparseRow => {
    const entries: { variable: Variable; coefficient: number }[] = [];
    let bound = sign * limit;
    let magnitude = Math.abs(limit);
    for (const [name, weight] of Object.entries(sum)) {
      const variable = variables.get(name);
      if (variable !== undefined) entries.push({ variable, coefficient: sign * weight });
      const constant = constants.get(name) ?? 0;
      bound -= sign * weight * constant;
      magnitude += Math.abs(weight * constant);
    }
    return { entries, bound, magnitude };
  };
  return [...(lte === undefined ? [] : [side(1, lte)]), ...(gte === undefined ? [] : [side(-1, gte)])];
}

function boundsOf(
  own: Variable | undefined,
  range: { readonly low: number; readonly high: number },
  variables: number,
  rows: readonly SparseRow[],
): Interval | null {
  // One variable is left: plain arithmetic, so that its bounds are as exact as a sum can be.
  if (variables === 1 && own !== undefined) return intersection(range, rows);
  const program = new LinearProgram(
    variables,
    rows.filter(({ entries }) => entries.length > 0).map((row) => scaled(row, variables)),
  );
  if (!program.isFeasible) return null;
  const margin = rounding * (range.high - range.low);
  if (own === undefined) return { ...range, margin };
  const at = (direction: 1 | -1): number => {
    const objective = new Float64Array(variables);
    objective[own.column] = direction;
    return range.low + program.maximize(objective)[own.column]! * (range.high - range.low);
  };
  return { low: at(-1), high: at(1), margin };
}

/** The values in the range of the only variable for which its rows hold. */
function intersection(range: { low: number; high: number }, rows: readonly SparseRow[]): Interval | null {
  let { low, high } = range;
  let margin = 0;
  for (const { entries, bound, magnitude } of rows) {
    if (entries.length === 0) continue;
    const { coefficient } = entries[0]!;
    if (coefficient > 0) high = Math.min(high, bound / coefficient);
    else low = Math.max(low, bound / coefficient);
    margin = Math.max(margin, (rounding * magnitude) / Math.abs(coefficient));
  }
  if (low <= high) return { low, high, margin };
  if (low > high + margin) return null;
  const only = Math.min(range.high, Math.max(range.low, high));
  return { low: only, high: only, margin };
}

/** The row over coordinates in [0, 1], with a greatest coefficient of 1. */
function scaled({ entries, bound }: SparseRow, variables: number): Row {
  const coefficients = new Float64Array(variables);
  let rest = bound;
  for (const { variable, coefficient } of entries) {
    coefficients[variable.column] = coefficient * (variable.high - variable.low);
    rest -= coefficient * variable.low;
  }
  const largest = coefficients.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  return { coefficients: coefficients.map((entry) => entry / largest), bound: rest / largest };
}
