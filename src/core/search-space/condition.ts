import type { JsonScalar } from '../json.ts';
import { axisOf } from './axis.ts';
import type { Comparisons, Condition, Parameter, Params, Test } from './space.ts';

/** Whether a parameter exists in a trial, or a constraint applies: every parent exists there and meets its test. */
export function isActive({ when }: { readonly when?: Condition }, params: Params): boolean {
  if (when === undefined) return true;
  for (const [parent, test] of Object.entries(when)) {
    if (!Object.hasOwn(params, parent) || !meets(test, params[parent]!)) return false;
  }
  return true;
}

/** Whether a value passes a test; comparisons hold for numbers only. */
export function meets(test: Test, value: JsonScalar): boolean {
  if (!isComparisons(test)) return value === test;
  if (test.in !== undefined && !test.in.includes(value)) return false;
  const { lt, lte, gt, gte } = test;
  if (lt === undefined && lte === undefined && gt === undefined && gte === undefined) return true;
  if (typeof value !== 'number') return false;
  return !(
    (lt !== undefined && value >= lt) ||
    (lte !== undefined && value > lte) ||
    (gt !== undefined && value <= gt) ||
    (gte !== undefined && value < gte)
  );
}

export function isComparisons(test: Test): test is Comparisons {
  return typeof test === 'object' && test !== null;
}

/** A test as a message shows it: `"sgd"`, `one of "sgd", "rmsprop"`, `>= 2 and < 5`. */
export function showTest(test: Test): string {
  if (!isComparisons(test)) return JSON.stringify(test);
  const parts: string[] = [];
  if (test.in !== undefined) {
    parts.push(`one of ${test.in.map((value) => JSON.stringify(value)).join(', ')}`);
  }
  if (test.gt !== undefined) parts.push(`> ${test.gt}`);
  if (test.gte !== undefined) parts.push(`>= ${test.gte}`);
  if (test.lt !== undefined) parts.push(`< ${test.lt}`);
  if (test.lte !== undefined) parts.push(`<= ${test.lte}`);
  return parts.join(' and ');
}

/** Whether some value of the parameter passes the test; on a continuous range, more than a single point must. */
export function canMeet(test: Test, parameter: Parameter): boolean {
  if (parameter.type === 'categorical') return parameter.choices.some((choice) => meets(test, choice));
  const axis = axisOf(parameter);
  const listed = isComparisons(test) ? test.in : [test];
  if (listed !== undefined) {
    return listed.some((value) => axis.snap(value) !== undefined && meets(test, value));
  }
  if (!isComparisons(test)) return false;
  const low = Math.max(parameter.low, test.gte ?? parameter.low, test.gt ?? parameter.low);
  const high = Math.min(parameter.high, test.lte ?? parameter.high, test.lt ?? parameter.high);
  if (low > high) return false;
  if (axis.cells === Number.POSITIVE_INFINITY) return low < high;
  // The least value of the grid that can pass is one of the two next to the lower bound.
  const step = parameter.step ?? 1;
  const below = parameter.low + Math.floor((low - parameter.low) / step) * step;
  return [below, below + step].some((value) => {
    const onGrid = axis.snap(value);
    return onGrid !== undefined && meets(test, onGrid);
  });
}
