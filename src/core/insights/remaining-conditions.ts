import { axisOf } from '../search-space/axis.ts';
import { canMeet, isComparisons } from '../search-space/condition.ts';
import type { Condition, LinearConstraint, Parameter, Test } from '../search-space/space.ts';

/** What is left of a condition under narrower parents: undefined without one, null where it can never hold any more. */
export function remainingCondition(
  { when }: { readonly when?: Condition },
  parents: ReadonlyMap<string, Parameter>,
): Condition | undefined | null {
  if (when === undefined) return undefined;
  const left: [string, Test][] = [];
  for (const [name, test] of Object.entries(when)) {
    const parent = parents.get(name);
    if (parent === undefined || !canMeet(test, parent)) return null;
    if (!isComparisons(test) || test.in === undefined) left.push([name, test]);
    else
      left.push([name, { ...test, in: test.in.filter((value) => axisOf(parent).snap(value) !== undefined) }]);
  }
  return Object.fromEntries(left);
}

/**
 * The constraints that bound the settings of a narrower space as they did before: a parameter that is gone adds
 * nothing, a constraint of which nothing is left or that can never apply any more goes too.
 */
export function remainingConstraints(
  constraints: readonly LinearConstraint[],
  parameters: ReadonlyMap<string, Parameter>,
): LinearConstraint[] {
  return constraints.flatMap((constraint) => {
    const sum = Object.fromEntries(Object.entries(constraint.sum).filter(([name]) => parameters.has(name)));
    const when = remainingCondition(constraint, parameters);
    if (when === null || Object.keys(sum).length === 0) return [];
    return [{ ...constraint, sum, ...(when === undefined ? {} : { when }) }];
  });
}
