import type { JsonScalar } from '../json.ts';
import { type Axis, axisOf } from '../search-space/axis.ts';
import type { NamedParameter } from '../search-space/space.ts';
import type { TrialView } from '../trial.ts';

/** Above so many values a parameter is looked at through as many equal slots of its unit axis, as in Optuna. */
const maxSlots = 50;

/** One parameter over many trials, on its unit axis. */
export interface ParameterColumn {
  readonly parameter: NamedParameter;
  readonly axis: Axis;
  /** By trial; NaN where the trial lacks the parameter, or has a value that the space does not have any more. */
  readonly coordinates: Float64Array;
  /** By trial, the slot of the coordinate; -1 for NaN. */
  readonly slots: Int32Array;
  /** Slot k reaches from `edges[k]` to `edges[k + 1]`. */
  readonly edges: Float64Array;
  /** Whether a slot is one value. */
  readonly isExact: boolean;
  /** Whether neighbouring slots are alike. */
  readonly isOrdered: boolean;
}

export function parameterColumn(parameter: NamedParameter, trials: readonly TrialView[]): ParameterColumn {
  const axis = axisOf(parameter);
  const isOrdered = parameter.type !== 'categorical' || parameter.ordered === true;
  const isExact = axis.cells <= maxSlots || !isOrdered;
  const count = isExact ? axis.cells : maxSlots;
  const edges = Float64Array.from({ length: count + 1 }, (_, k) => (isExact ? axis.edge(k) : k / count));
  // The cells of a logarithmic integer have widths of their own.
  const isEven = !(parameter.type === 'int' && parameter.log && isExact);
  const coordinates = new Float64Array(trials.length);
  const slots = new Int32Array(trials.length);
  const { name } = parameter;
  // Few values come again and again.
  const known = isExact ? new Map<JsonScalar, number>() : null;
  for (let i = 0; i < trials.length; i++) {
    const { params } = trials[i]!;
    const given = Object.hasOwn(params, name) ? params[name] : undefined;
    let coordinate = given === undefined ? Number.NaN : known?.get(given);
    if (coordinate === undefined) {
      const value = axis.snap(given);
      coordinate = value === undefined ? Number.NaN : axis.encode(value);
      known?.set(given!, coordinate);
    }
    coordinates[i] = coordinate;
    if (Number.isNaN(coordinate)) slots[i] = -1;
    else slots[i] = isEven ? Math.min(count - 1, Math.floor(coordinate * count)) : slotAt(edges, coordinate);
  }
  return { parameter, axis, coordinates, slots, edges, isExact, isOrdered };
}

function slotAt(edges: Float64Array, coordinate: number): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (edges[middle]! <= coordinate) low = middle;
    else high = middle - 1;
  }
  return low;
}
