import type { FaultList } from '../errors.ts';
import { childPath } from '../field-reader.ts';
import type { JsonScalar } from '../json.ts';
import { canMeet, showTest } from './condition.ts';
import { describeValues } from './describe-values.ts';
import type { Comparisons, Condition, NamedParameter, Parameter, Test } from './space.ts';

/** What the existence of a parameter asks of its ancestors: all tests of each, taken together. */
type Demands = ReadonlyMap<string, Test>;

/**
 * Adds a fault for every parameter that can never exist: its conditions and those of its ancestors ask one parameter
 * for values that exclude each other. `parameters` come parents first. Exact: ancestors are free of each other but for
 * the demands, so a parameter can exist if each of its ancestors can meet its own.
 */
export function findContradictions(
  parameters: readonly NamedParameter[],
  path: string,
  faults: FaultList,
): void {
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  for (const { name, ancestor, test } of contradictions(byName)) {
    const asked = isNothing(test) ? 'two values at once' : showTest(test);
    const values = `${asked}, but it is ${describeValues(byName.get(ancestor)!)}`;
    const why = `for "${name}" to exist, "${ancestor}" would have to be ${values}`;
    faults.add(
      `${childPath(path, name)}.when`,
      `can never hold: ${why}; loosen a condition of "${name}" or of what it depends on.`,
    );
  }
}

/** The parameters that can never exist, for the same reason; those that depend on them are left out. */
export function impossibleParameters(parameters: ReadonlyMap<string, Parameter>): string[] {
  return contradictions(parameters).map(({ name }) => name);
}

interface Contradiction {
  readonly name: string;
  readonly ancestor: string;
  /** What the parameter asks of it. */
  readonly test: Test;
}

function contradictions(parameters: ReadonlyMap<string, Parameter>): Contradiction[] {
  const found: Contradiction[] = [];
  const demands = new Map<string, Demands>();
  for (const [name, { when }] of parameters) {
    if (when === undefined) continue;
    const own = demandsOf(when, demands);
    demands.set(name, own);
    for (const [ancestor, test] of own) {
      const parameter = parameters.get(ancestor);
      if (parameter === undefined || canMeet(test, parameter)) continue;
      found.push({ name, ancestor, test });
      // Its children would only repeat it.
      demands.set(name, new Map());
      break;
    }
  }
  return found;
}

function demandsOf(when: Condition, known: ReadonlyMap<string, Demands>): Demands {
  const demands = new Map<string, Test>();
  const demand = (name: string, test: Test): void => {
    const before = demands.get(name);
    demands.set(name, before === undefined ? test : both(before, test));
  };
  for (const [parent, test] of Object.entries(when)) {
    for (const [ancestor, inherited] of known.get(parent) ?? []) demand(ancestor, inherited);
    demand(parent, test);
  }
  return demands;
}

/** The test that a value passes where it passes both. */
function both(a: Test, b: Test): Comparisons {
  const [one, other] = [asComparisons(a), asComparisons(b)];
  const lists = [one.in, other.in].filter((list) => list !== undefined);
  const [first, second] = lists as (readonly JsonScalar[])[];
  const wanted = second && new Set(second);
  const tightest = (key: 'lt' | 'lte' | 'gt' | 'gte', pick: (...numbers: number[]) => number) => {
    const bounds = [one[key], other[key]].filter((bound) => bound !== undefined);
    return bounds.length === 0 ? {} : { [key]: pick(...bounds) };
  };
  return {
    ...(first === undefined
      ? {}
      : { in: wanted === undefined ? first : first.filter((value) => wanted.has(value)) }),
    ...tightest('lt', Math.min),
    ...tightest('lte', Math.min),
    ...tightest('gt', Math.max),
    ...tightest('gte', Math.max),
  };
}

function asComparisons(test: Test): Comparisons {
  return typeof test === 'object' && test !== null ? test : { in: [test] };
}

function isNothing(test: Test): boolean {
  return asComparisons(test).in?.length === 0;
}
