import type { JsonScalar } from '../json.ts';
import type { CategoricalParameter, FloatParameter, IntParameter, Parameter } from './space.ts';

/**
 * A parameter as the unit interval: `decode` of a uniform number draws from the prior (uniform, or log-uniform for
 * `log`), and a parameter with finitely many values cuts the interval into one cell a value, in order.
 */
export interface Axis {
  /** How many values there are; infinite for a float without `step`. */
  readonly cells: number;
  /** The value as the parameter spells it, or undefined where it cannot take it: rounding noise off the grid is forgiven. */
  snap(value: unknown): JsonScalar | undefined;
  /** The coordinate of a value of the parameter; inside its cell. */
  encode(value: JsonScalar): number;
  /** The value at a coordinate in [0, 1]; `decode(encode(v))` is v, for a continuous axis up to rounding. */
  decode(unit: number): JsonScalar;
  /** Where cell k begins; `edge(0)` is 0 and `edge(cells)` is 1. Without meaning on a continuous axis. */
  edge(k: number): number;
}

/** The axis of a parameter; made once for each, as a list of choices is worth an index. */
export function axisOf(parameter: Parameter): Axis {
  let axis = axes.get(parameter);
  if (axis === undefined) {
    axis = createAxis(parameter);
    axes.set(parameter, axis);
  }
  return axis;
}

const axes = new WeakMap<Parameter, Axis>();

function createAxis(parameter: Parameter): Axis {
  if (parameter.type === 'categorical') return categoricalAxis(parameter);
  if (parameter.low === parameter.high) return constantAxis(parameter.low);
  if (parameter.type === 'int')
    return parameter.log ? logIntegerAxis(parameter) : gridAxis(parameter, parameter.step ?? 1);
  return parameter.step === undefined ? continuousAxis(parameter) : gridAxis(parameter, parameter.step);
}

/** Whether (high - low) / step is a whole number, but for rounding. */
export function isWholeSteps(low: number, high: number, step: number): boolean {
  const steps = (high - low) / step;
  return Math.abs(steps - Math.round(steps)) <= gridTolerance;
}

/** In steps: decimal fractions such as 0.1 do not add up exactly in binary. */
const gridTolerance = 1e-6;

function categoricalAxis({ choices }: CategoricalParameter): Axis {
  const cells = choices.length;
  const places = new Map(choices.map((choice, k) => [choice, k]));
  return {
    cells,
    snap: (value) => choices[places.get(value as JsonScalar) ?? -1],
    encode: (value) => (places.get(value)! + 0.5) / cells,
    decode: (unit) => choices[cellAt(unit, cells)]!,
    edge: (k) => k / cells,
  };
}

function constantAxis(constant: number): Axis {
  return {
    cells: 1,
    snap: (value) => (value === constant ? constant : undefined),
    encode: () => 0.5,
    decode: () => constant,
    edge: (k) => k,
  };
}

/** low, low + step, ..., high. */
function gridAxis({ low, high }: FloatParameter | IntParameter, step: number): Axis {
  const cells = Math.round((high - low) / step) + 1;
  const valueAt = (k: number): number => {
    if (k === 0) return low;
    if (k === cells - 1) return high;
    const exact = low + k * step;
    if (Number.isInteger(exact)) return exact;
    // 0.1 + 2 * 0.1 is to read 0.3; but digits that tell steps apart must stay.
    const tidy = Number(exact.toPrecision(15));
    return Math.abs(tidy - exact) < step * 1e-9 ? tidy : exact;
  };
  return {
    cells,
    snap: (value) => {
      if (typeof value !== 'number' || !(value >= low - step / 2 && value <= high + step / 2))
        return undefined;
      return isWholeSteps(low, value, step) ? valueAt(Math.round((value - low) / step)) : undefined;
    },
    encode: (value) => (Math.round(((value as number) - low) / step) + 0.5) / cells,
    decode: (unit) => valueAt(cellAt(unit, cells)),
    edge: (k) => k / cells,
  };
}

/** Integers whose logarithm is uniform: the cell of n is [log(n - 1/2), log(n + 1/2)]. */
function logIntegerAxis({ low, high }: IntParameter): Axis {
  const start = Math.log(low - 0.5);
  const width = Math.log(high + 0.5) - start;
  return {
    cells: high - low + 1,
    snap: (value) => (isIntegerIn(value, low, high) ? value : undefined),
    encode: (value) => (Math.log(value as number) - start) / width,
    decode: (unit) => Math.min(high, Math.max(low, Math.round(Math.exp(start + unit * width)))),
    edge: (k) => (Math.log(low - 0.5 + k) - start) / width,
  };
}

function isIntegerIn(value: unknown, low: number, high: number): value is number {
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
}

function continuousAxis({ low, high, log }: FloatParameter): Axis {
  const forth = log ? Math.log : (value: number) => value;
  const back = log ? Math.exp : (value: number) => value;
  const start = forth(low);
  const width = forth(high) - start;
  return {
    cells: Number.POSITIVE_INFINITY,
    snap: (value) => (typeof value === 'number' && value >= low && value <= high ? value : undefined),
    // The logarithms of neighbouring numbers may be equal.
    encode: (value) => (width === 0 ? 0.5 : (forth(value as number) - start) / width),
    // Rounding may step over the ends.
    decode: (unit) => Math.min(high, Math.max(low, back(start + unit * width))),
    edge: (k) => k,
  };
}

function cellAt(unit: number, cells: number): number {
  return Math.min(cells - 1, Math.max(0, Math.floor(unit * cells)));
}
