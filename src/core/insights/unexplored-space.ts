import type { ParameterColumn } from '../importance/parameter-column.ts';
import type { ParameterImportance } from '../importance/parameter-importances.ts';
import { isResult } from '../importance/trial-order.ts';
import type { JsonScalar } from '../json.ts';
import { isActive } from '../search-space/condition.ts';
import { keepsConstraints } from '../search-space/constraints/linear-constraint.ts';
import type { SearchSpace } from '../search-space/space.ts';
import type { Evidence } from './evidence.ts';
import { showNames, showPercent } from './phrases.ts';

/** How much of what could be feasible no trial came near. */
export interface UnexploredSpace {
  readonly share: number;
  /** The parameters in which nearness counts: the most important ones. */
  readonly parameters: readonly string[];
  /** A trial is near within so much of the range of each of them. */
  readonly distance: number;
  /** How many points of the space were looked at; fewer where hardly any keeps the constraints between parameters. */
  readonly points: number;
  readonly sentence: string;
}

/** The standard error of a share is 2 % at most. */
const points = 512;
/** Of so many at most that are drawn until as many keep the constraints between parameters. */
const maxDraws = 16 * points;
const distance = 0.1;
/** Nearness in many dimensions is no use: everything is far. */
const maxParameters = 4;
const importantShare = 0.8;

/**
 * The share of points, spread evenly over the space as far as they keep its constraints, that have no trial near: none
 * within a tenth of the range (or with the same choice) in every parameter that counts; priors do not weigh. Those are the most important ones that together have
 * 80 % of the importance, at most four; all up to four where importance is unknown. A point that no trial is near is
 * taken for feasible if its nearest trial is, one with trials near if one of these is; others do not count.
 */
export function unexploredSpace(
  { problem, columns, order }: Evidence,
  importances: readonly ParameterImportance[],
): UnexploredSpace {
  const names = importantNames(importances);
  const dimensions = columns.filter(({ parameter }) => names.includes(parameter.name));
  const isFeasible = Uint8Array.from(order.trials, (trial) =>
    isResult(trial) || trial.state === 'PRUNED' ? 1 : 0,
  );
  let feasible = 0;
  let unexplored = 0;
  let looked = 0;
  for (const point of spreadPoints(problem.space, columns)) {
    looked++;
    const { near, nearIsFeasible, nearestIsFeasible } = lookAround(dimensions, point, isFeasible);
    if (near ? !nearIsFeasible : !nearestIsFeasible) continue;
    feasible++;
    if (!near) unexplored++;
  }
  const share = feasible === 0 ? 0 : unexplored / feasible;
  const isBounded = problem.constraints.length > 0 || problem.space.constraints.length > 0;
  const where = isBounded ? 'the feasible space' : 'the space';
  const nearness = `within a tenth of the range of ${showNames(names)}`;
  let sentence = `${showPercent(share)} of ${where} has no trial near, ${nearness}.`;
  if (dimensions.length === 0) sentence = 'There is nothing to explore: the space has no parameters.';
  else if (looked === 0)
    sentence = `What is unexplored is not known: of ${maxDraws} points none kept the constraints of the space.`;
  else if (share === 0) sentence = `All of ${where} has a trial near, ${nearness}.`;
  return { share, parameters: names, distance, points: looked, sentence };
}

function importantNames(importances: readonly ParameterImportance[]): string[] {
  const names: string[] = [];
  let sum = 0;
  for (const { parameter, importance } of importances) {
    if (names.length === maxParameters || sum >= importantShare) break;
    names.push(parameter);
    sum += importance;
  }
  return names;
}

/**
 * Points that keep the constraints of the space: coordinates by parameter, in the order of the columns, NaN for a
 * parameter that does not exist there.
 */
function* spreadPoints(
  space: SearchSpace,
  columns: readonly ParameterColumn[],
): Generator<ReadonlyMap<ParameterColumn, number>> {
  // The additive recurrence R_d (Roberts 2018): x_n = frac(1/2 + n / phi^j), phi the root of x^(d + 1) = x + 1.
  let phi = 2;
  for (let i = 0; i < 50; i++) phi = (1 + phi) ** (1 / (columns.length + 1));
  let count = 0;
  for (let n = 1; n <= maxDraws && count < points; n++) {
    const params: Record<string, JsonScalar> = {};
    const point = new Map<ParameterColumn, number>();
    columns.forEach((column, j) => {
      const { parameter, axis } = column;
      if (!isActive(parameter, params)) {
        point.set(column, Number.NaN);
        return;
      }
      const value = axis.decode((0.5 + n / phi ** (j + 1)) % 1);
      params[parameter.name] = value;
      point.set(column, axis.encode(value));
    });
    if (!keepsConstraints(space, params)) continue;
    count++;
    yield point;
  }
}

/** Distances are the largest of the parameters': |a - b| on the unit axis, 1 between choices or where one lacks it. */
function lookAround(
  dimensions: readonly ParameterColumn[],
  point: ReadonlyMap<ParameterColumn, number>,
  isFeasible: Uint8Array,
) {
  let near = false;
  let nearest = Number.POSITIVE_INFINITY;
  // Without any trial everything may be feasible.
  let nearestIsFeasible = true;
  const at = dimensions.map((column) => point.get(column)!);
  for (let i = 0; i < isFeasible.length; i++) {
    const bound = Math.max(nearest, distance);
    let farthest = 0;
    for (let j = 0; j < dimensions.length && farthest <= bound; j++) {
      const { coordinates, isOrdered } = dimensions[j]!;
      const gap = Math.abs(coordinates[i]! - at[j]!);
      const apart = Number.isNaN(gap)
        ? Number.isNaN(coordinates[i]!) && Number.isNaN(at[j]!)
          ? 0
          : 1
        : isOrdered || gap === 0
          ? gap
          : 1;
      if (apart > farthest) farthest = apart;
    }
    if (farthest <= distance) {
      near = true;
      if (isFeasible[i] === 1) return { near, nearIsFeasible: true, nearestIsFeasible: true };
    }
    if (farthest < nearest) {
      nearest = farthest;
      nearestIsFeasible = isFeasible[i] === 1;
    } else if (farthest === nearest && isFeasible[i] === 1) nearestIsFeasible = true;
  }
  return { near, nearIsFeasible: false, nearestIsFeasible };
}
