import type { JsonScalar } from '../../json.ts';
import type { Random } from '../../random.ts';
import { axisOf } from '../axis.ts';
import { isActive } from '../condition.ts';
import { drawCoordinate, priorOf } from '../prior.ts';
import type { CategoricalParameter, NamedParameter, Params, SearchSpace } from '../space.ts';
import { constrainedParameters, keepsConstraints } from './linear-constraint.ts';
import { feasibleInterval, type Interval } from './linear-relaxation.ts';

/** How to look for a setting that keeps the constraints of a space. */
export interface PointSearch {
  /** Values that must stay. */
  readonly fixed: Params;
  /** Values to stay near to, parameter by parameter; what it lacks is drawn from the prior. */
  readonly near: Params;
  /** How many partial settings are looked at before the search is given up. */
  readonly steps: number;
}

export interface FoundPoint {
  /** Values of the parameters that constraints are about; null where none were found. */
  readonly params: Params | null;
  /** Whether there are none: every possibility was excluded. */
  readonly isImpossible: boolean;
}

/**
 * Looks for a setting that keeps all constraints: decides one parameter after another, each within the interval that
 * the linear relaxation of what is still open leaves it, and goes back where none is left. On continuous parameters it
 * never has to; the number of steps bounds it anyway.
 */
export function findPoint(space: SearchSpace, search: PointSearch, random: Random): FoundPoint {
  const { ordered, summed, borders } = constrainedParameters(space);
  const decided: Record<string, JsonScalar> = {};
  const open = new Set(ordered);
  let steps = search.steps;
  /** Whether only possibilities were passed over that are excluded. */
  let isExact = true;

  const visit = (k: number): boolean => {
    // What was hoped for of a parameter may not have come true, as it turned out not to exist.
    if (k === ordered.length) return keepsConstraints(space, decided);
    if (--steps < 0) return false;
    const parameter = ordered[k]!;
    open.delete(parameter);
    // All that its conditions read is decided: those that others depend on come first, parents before children.
    const isFound = isActive(parameter, decided) ? decide(parameter, k) : visit(k + 1);
    open.add(parameter);
    return isFound;
  };

  const decide = (parameter: NamedParameter, k: number): boolean => {
    const { name } = parameter;
    let interval: Interval | null = anywhere;
    if (summed.has(parameter)) interval = feasibleInterval(space, parameter, decided, open);
    if (interval === null) return false;
    for (const value of valuesOf(parameter, interval)) {
      if (steps < 0) break;
      decided[name] = value;
      if (visit(k + 1)) return true;
      delete decided[name];
    }
    return false;
  };

  function* valuesOf(parameter: NamedParameter, interval: Interval): Generator<JsonScalar, void> {
    const { name } = parameter;
    if (Object.hasOwn(search.fixed, name)) {
      const value = search.fixed[name]!;
      if (isWithin(value, interval)) yield value;
      return;
    }
    const axis = axisOf(parameter);
    const wanted = Object.hasOwn(search.near, name) ? axis.snap(search.near[name]) : undefined;
    if (axis.cells === Number.POSITIVE_INFINITY) {
      yield* continuousValues(parameter, wanted as number | undefined, interval, random);
      yield* borderValues(parameter, borders.get(name), interval);
      // Between the values that were tried lie others.
      isExact = false;
      return;
    }
    yield* listedValues(parameter, wanted, interval, random);
  }

  const isFound = visit(0);
  return {
    params: isFound ? decided : null,
    isImpossible: !isFound && isExact && steps >= 0,
  };
}

const anywhere: Interval = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, margin: 0 };

function isWithin(value: JsonScalar, interval: Interval): boolean {
  if (interval === anywhere) return true;
  const { low, high, margin } = interval;
  return typeof value === 'number' && value >= low - margin && value <= high + margin;
}

/** The nearest value to the wanted one, or a draw from the prior; then inner ones, in case the ends are off by rounding. */
function* continuousValues(
  parameter: NamedParameter,
  wanted: number | undefined,
  interval: Interval,
  random: Random,
): Generator<number, void> {
  if (parameter.type === 'categorical') return;
  const axis = axisOf(parameter);
  const low = Math.max(parameter.low, interval.low);
  const high = Math.min(parameter.high, interval.high);
  if (low > high) return;
  const draw = (): number => {
    const unit = drawCoordinate(priorOf(parameter), random, axis.encode(low), axis.encode(high));
    return Math.min(high, Math.max(low, axis.decode(unit) as number));
  };
  const first = wanted === undefined ? draw() : Math.min(high, Math.max(low, wanted));
  yield first;
  const middle = low + (high - low) / 2;
  yield first + (middle - first) * 1e-6;
  yield middle;
  yield draw();
}

/** On both sides of each border of a condition, as other parameters exist there, and at the ends of the interval. */
function* borderValues(
  parameter: NamedParameter,
  borders: readonly number[] | undefined,
  interval: Interval,
): Generator<number, void> {
  if (parameter.type === 'categorical' || borders === undefined) return;
  const low = Math.max(parameter.low, interval.low);
  const high = Math.min(parameter.high, interval.high);
  const aside = (high - low) * 1e-9;
  const values = borders.flatMap((border) => [border, border - aside, border + aside]);
  yield* [low, high, ...values].filter((value) => value >= low && value <= high);
}

/** All values of a parameter with finitely many within an interval: the wanted one or a draw first, then its neighbours. */
function* listedValues(
  parameter: NamedParameter,
  wanted: JsonScalar | undefined,
  interval: Interval,
  random: Random,
): Generator<JsonScalar, void> {
  const axis = axisOf(parameter);
  const cellAt = (unit: number): number => {
    let [low, high] = [0, axis.cells - 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (axis.edge(middle + 1) > unit) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const valueAt = (k: number): JsonScalar => axis.decode((axis.edge(k) + axis.edge(k + 1)) / 2);
  if (parameter.type === 'categorical') {
    const choices = parameter.choices.filter((choice) => isWithin(choice, interval));
    const first = wanted ?? drawFrom(parameter, choices, random);
    yield* choices.toSorted((a, b) => distance(a, first) - distance(b, first));
    return;
  }
  // Integers lie on a grid: the first and the last cell within the interval.
  let [first, last] = [0, axis.cells - 1];
  if (interval.low > parameter.low) first = cellAt(axis.encode(Math.min(interval.low, parameter.high)));
  if (interval.high < parameter.high) last = cellAt(axis.encode(Math.max(interval.high, parameter.low)));
  if (!isWithin(valueAt(first), interval)) first += 1;
  if (!isWithin(valueAt(last), interval)) last -= 1;
  if (first > last) return;
  const unit =
    wanted === undefined
      ? drawCoordinate(priorOf(parameter), random, axis.edge(first), axis.edge(last + 1))
      : axis.encode(wanted);
  const from = Math.min(last, Math.max(first, cellAt(unit)));
  yield valueAt(from);
  for (let away = 1; from - away >= first || from + away <= last; away++) {
    if (from - away >= first) yield valueAt(from - away);
    if (from + away <= last) yield valueAt(from + away);
  }
}

/** How far a choice is from another: numbers by their difference, others far unless they are the same. */
function distance(a: JsonScalar, b: JsonScalar): number {
  if (a === b) return 0;
  return typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) : Number.MAX_VALUE;
}

/** One of some choices of a parameter, as likely as its prior says. */
function drawFrom(
  parameter: CategoricalParameter,
  choices: readonly JsonScalar[],
  random: Random,
): JsonScalar {
  const { density } = priorOf(parameter);
  const axis = axisOf(parameter);
  const weights = choices.map((choice) => density(axis.encode(choice)));
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < choices.length; i++) {
    left -= weights[i]!;
    if (left < 0) return choices[i]!;
  }
  return choices.at(-1) ?? null;
}
