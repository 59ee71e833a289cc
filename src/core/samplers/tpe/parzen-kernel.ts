import type { Random } from '../../random.ts';
import type { Axis } from '../../search-space/axis.ts';
import { normalMass } from './normal-mass.ts';

/**
 * The kernels of one parameter, one an observation, on its unit axis. Densities are relative to the prior: the prior
 * itself is 1 everywhere, and so is the kernel of an observation that lacks the parameter.
 */
export interface ParzenKernel {
  /** Adds the log density at a coordinate to the sum of every observation. */
  addLogDensities(coordinate: number, sums: Float64Array): void;
  /** A coordinate drawn from the kernel of an observation that has the parameter. */
  draw(observation: number, random: Random): number;
}

/** Up to so many cells a kernel is summed over them; above, it is as good as continuous. */
const fewCells = 64;

/**
 * Gaussians around the observations, cut to [0, 1] and one bandwidth wide. `coordinates` holds NaN where an
 * observation lacks the parameter.
 */
export class NumericKernel implements ParzenKernel {
  readonly #coordinates: Float64Array;
  readonly #bandwidth: number;
  /** Where the parameter has few values, their coordinates and the widths of their cells. */
  readonly #cells: { readonly centres: Float64Array; readonly widths: Float64Array } | null;
  /** Per observation -1 / (2 b^2) and the log of 1 / integral; both 0, and the coordinate, where it lacks the parameter. */
  readonly #exponents: Float64Array;
  readonly #logScales: Float64Array;

  constructor(coordinates: Float64Array, axis: Axis, bandwidth: number) {
    const count = coordinates.length;
    this.#coordinates = new Float64Array(count);
    this.#bandwidth = bandwidth;
    this.#cells = axis.cells <= fewCells ? cellsOf(axis) : null;
    this.#exponents = new Float64Array(count);
    this.#logScales = new Float64Array(count);
    const known = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const centre = coordinates[i]!;
      if (Number.isNaN(centre)) continue;
      let logScale = known.get(centre);
      if (logScale === undefined) {
        logScale = -Math.log(this.#integral(centre));
        if (this.#cells !== null) known.set(centre, logScale);
      }
      this.#coordinates[i] = centre;
      this.#exponents[i] = -0.5 / bandwidth ** 2;
      this.#logScales[i] = logScale;
    }
  }

  addLogDensities(coordinate: number, sums: Float64Array): void {
    const coordinates = this.#coordinates;
    const exponents = this.#exponents;
    const logScales = this.#logScales;
    for (let i = 0; i < sums.length; i++) {
      const distance = coordinate - coordinates[i]!;
      sums[i]! += exponents[i]! * distance * distance + logScales[i]!;
    }
  }

  draw(observation: number, random: Random): number {
    const centre = this.#coordinates[observation]!;
    if (this.#cells !== null) {
      const { centres } = this.#cells;
      let left = random.uniform() * Math.exp(-this.#logScales[observation]!);
      let k = 0;
      for (; k < centres.length - 1; k++) {
        left -= this.#cellMass(k, centre);
        if (left < 0) break;
      }
      return centres[k]!;
    }
    // The centre lies within, so at least a third of the draws do.
    for (;;) {
      const coordinate = centre + this.#bandwidth * random.normal();
      if (coordinate >= 0 && coordinate <= 1) return coordinate;
    }
  }

  /** Of exp(-z^2 / 2) over the unit interval. */
  #integral(centre: number): number {
    const b = this.#bandwidth;
    if (this.#cells === null) {
      return Math.sqrt(2 * Math.PI) * b * normalMass(-centre / b, (1 - centre) / b);
    }
    let sum = 0;
    for (let k = 0; k < this.#cells.centres.length; k++) sum += this.#cellMass(k, centre);
    return sum;
  }

  #cellMass(k: number, centre: number): number {
    const { centres, widths } = this.#cells!;
    const z = (centres[k]! - centre) / this.#bandwidth;
    return Math.exp(-0.5 * z * z) * widths[k]!;
  }
}

function cellsOf(axis: Axis): { centres: Float64Array; widths: Float64Array } {
  const centres = new Float64Array(axis.cells);
  const widths = new Float64Array(axis.cells);
  for (let k = 0; k < axis.cells; k++) {
    const from = axis.edge(k);
    const to = axis.edge(k + 1);
    // As `encode` has it, which need not be the middle.
    centres[k] = axis.encode(axis.decode((from + to) / 2));
    widths[k] = to - from;
  }
  return { centres, widths };
}

/** Aitchison and Aitken 1976: the observed choice has the mass `same`, the others share the rest. */
export class CategoricalKernel implements ParzenKernel {
  readonly #coordinates: Float64Array;
  readonly #cells: number;
  readonly #same: number;

  constructor(coordinates: Float64Array, cells: number, same: number) {
    this.#coordinates = coordinates;
    this.#cells = cells;
    this.#same = same;
  }

  addLogDensities(coordinate: number, sums: Float64Array): void {
    const cells = this.#cells;
    const cell = Math.floor(coordinate * cells);
    const logSame = Math.log(this.#same * cells);
    const logOther = Math.log(((1 - this.#same) / (cells - 1)) * cells);
    const coordinates = this.#coordinates;
    for (let i = 0; i < sums.length; i++) {
      const observed = coordinates[i]!;
      if (Number.isNaN(observed)) continue;
      sums[i]! += Math.floor(observed * cells) === cell ? logSame : logOther;
    }
  }

  draw(observation: number, random: Random): number {
    const observed = this.#coordinates[observation]!;
    if (random.uniform() < this.#same) return observed;
    const cells = this.#cells;
    const cell = Math.floor(observed * cells);
    return (((cell + 1 + random.integer(cells - 1)) % cells) + 0.5) / cells;
  }
}
