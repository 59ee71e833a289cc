import type { Random } from '../../random.ts';
import type { Axis } from '../../search-space/axis.ts';
import { normalMass } from './normal-mass.ts';

/**
 * The kernels of one parameter, one an observation, on its unit axis; densities are relative to uniform draws.
 */
export interface ParzenKernel {
  /**
   * Adds the log density at a coordinate to the sum of every observation; that of the prior, `logPrior`, where an
   * observation lacks the parameter.
   */
  addLogDensities(coordinate: number, logPrior: number, sums: Float64Array): void;
  /** A coordinate drawn from the kernel of an observation that has the parameter. */
  draw(observation: number, random: Random): number;
}

/** Up to so many cells a kernel is summed over them; above, it is as good as continuous. */
const fewCells = 64;

/** `coordinates` holds NaN where an observation lacks the parameter. `bandwidth` is on the unit axis. */
export function numericKernel(coordinates: Float64Array, axis: Axis, bandwidth: number): ParzenKernel {
  return axis.cells <= fewCells
    ? new CellKernel(coordinates, axis, bandwidth)
    : new ContinuousKernel(coordinates, bandwidth);
}

/** Gaussians around the observations, cut to [0, 1] and one bandwidth wide. */
class ContinuousKernel implements ParzenKernel {
  readonly #coordinates: Float64Array;
  readonly #bandwidth: number;
  /** In units of sqrt(2) b, so that the exponent is the square of a difference. */
  readonly #scaled: Float64Array;
  readonly #logScales: Float64Array;
  #isComplete = true;

  constructor(coordinates: Float64Array, bandwidth: number) {
    const count = coordinates.length;
    const unit = 1 / (Math.SQRT2 * bandwidth);
    this.#coordinates = coordinates;
    this.#bandwidth = bandwidth;
    this.#scaled = new Float64Array(count);
    this.#logScales = logScales(coordinates, bandwidth);
    for (let i = 0; i < count; i++) {
      this.#scaled[i] = coordinates[i]! * unit;
      if (Number.isNaN(coordinates[i]!)) this.#isComplete = false;
    }
  }

  addLogDensities(coordinate: number, logPrior: number, sums: Float64Array): void {
    const scaled = this.#scaled;
    const logScales = this.#logScales;
    const at = coordinate / (Math.SQRT2 * this.#bandwidth);
    const count = sums.length;
    if (this.#isComplete) {
      for (let i = 0; i < count; i++) {
        const distance = at - scaled[i]!;
        sums[i]! += logScales[i]! - distance * distance;
      }
    } else {
      for (let i = 0; i < count; i++) {
        const distance = at - scaled[i]!;
        const logDensity = logScales[i]! - distance * distance;
        sums[i]! += Number.isNaN(logDensity) ? logPrior : logDensity;
      }
    }
  }

  draw(observation: number, random: Random): number {
    const centre = this.#coordinates[observation]!;
    // The centre lies within, so at least a third of the draws do.
    for (;;) {
      const coordinate = centre + this.#bandwidth * random.normal();
      if (coordinate >= 0 && coordinate <= 1) return coordinate;
    }
  }
}

/** Of more observations than intervals, the normalising constants are read from a table: error below 1e-4. */
const tableIntervals = 256;

/** The log of 1 / integral of exp(-z^2 / 2) over the unit interval, for a Gaussian around each centre. */
function logScales(centres: Float64Array, b: number): Float64Array {
  const logScaleAt = (centre: number): number =>
    -Math.log(Math.sqrt(2 * Math.PI) * b * normalMass(-centre / b, (1 - centre) / b));
  const count = centres.length;
  const scales = new Float64Array(count);
  if (count <= tableIntervals) {
    for (let i = 0; i < count; i++) scales[i] = logScaleAt(centres[i]!);
    return scales;
  }
  const table = new Float64Array(tableIntervals + 2);
  for (let k = 0; k < table.length; k++) table[k] = logScaleAt(k / tableIntervals);
  for (let i = 0; i < count; i++) {
    const place = centres[i]! * tableIntervals;
    const interval = Math.floor(place);
    scales[i] = table[interval]! + (place - interval) * (table[interval + 1]! - table[interval]!);
  }
  return scales;
}

/** Gaussians over the cells of a parameter with few values, each as wide as its cell. */
class CellKernel implements ParzenKernel {
  readonly #centres: Float64Array;
  readonly #widths: Float64Array;
  readonly #bandwidth: number;
  /** Each observation's cell; where it lacks the parameter, one beyond the last. */
  readonly #cells: Int32Array;
  /** By the cell of an observation: the log of 1 / integral; computed where needed. */
  readonly #logScales: Float64Array;
  readonly #row: Float64Array;

  constructor(coordinates: Float64Array, axis: Axis, bandwidth: number) {
    const { cells } = axis;
    this.#bandwidth = bandwidth;
    this.#centres = new Float64Array(cells);
    this.#widths = new Float64Array(cells);
    for (let k = 0; k < cells; k++) {
      const from = axis.edge(k);
      const to = axis.edge(k + 1);
      // As `encode` has it, which need not be the middle.
      this.#centres[k] = axis.encode(axis.decode((from + to) / 2));
      this.#widths[k] = to - from;
    }
    this.#cells = new Int32Array(coordinates.length);
    this.#logScales = new Float64Array(cells).fill(Number.NaN);
    for (let i = 0; i < coordinates.length; i++) {
      const cell = this.#cellOf(coordinates[i]!);
      this.#cells[i] = cell;
      if (cell < cells && Number.isNaN(this.#logScales[cell]!)) {
        this.#logScales[cell] = -Math.log(this.#integral(cell));
      }
    }
    this.#row = new Float64Array(cells + 1);
  }

  addLogDensities(coordinate: number, logPrior: number, sums: Float64Array): void {
    const cells = this.#cells;
    const row = this.#row;
    for (let k = 0; k < this.#centres.length; k++) {
      const z = (coordinate - this.#centres[k]!) / this.#bandwidth;
      row[k] = this.#logScales[k]! - 0.5 * z * z;
    }
    row[this.#centres.length] = logPrior;
    const count = sums.length;
    for (let i = 0; i < count; i++) sums[i]! += row[cells[i]!]!;
  }

  draw(observation: number, random: Random): number {
    const cell = this.#cells[observation]!;
    const last = this.#centres.length - 1;
    let left = random.uniform() * Math.exp(-this.#logScales[cell]!);
    let k = 0;
    for (; k < last; k++) {
      left -= this.#mass(k, cell);
      if (left < 0) break;
    }
    return this.#centres[k]!;
  }

  /** The last centre at or below the coordinate is its own: coordinates are centres. */
  #cellOf(coordinate: number): number {
    if (Number.isNaN(coordinate)) return this.#centres.length;
    let low = 0;
    let high = this.#centres.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#centres[middle]! <= coordinate + 1e-9) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #integral(cell: number): number {
    let sum = 0;
    for (let k = 0; k < this.#centres.length; k++) sum += this.#mass(k, cell);
    return sum;
  }

  #mass(k: number, cell: number): number {
    const z = (this.#centres[k]! - this.#centres[cell]!) / this.#bandwidth;
    return Math.exp(-0.5 * z * z) * this.#widths[k]!;
  }
}

/** Aitchison and Aitken 1976: the observed choice has the mass `same`, the others share the rest. */
export class CategoricalKernel implements ParzenKernel {
  /** Each observation's choice; where it lacks the parameter, one beyond the last. */
  readonly #choices: Int32Array;
  readonly #count: number;
  readonly #same: number;
  readonly #row: Float64Array;

  constructor(coordinates: Float64Array, count: number, same: number) {
    this.#choices = new Int32Array(coordinates.length);
    for (let i = 0; i < coordinates.length; i++) {
      const coordinate = coordinates[i]!;
      this.#choices[i] = Number.isNaN(coordinate) ? count : Math.floor(coordinate * count);
    }
    this.#count = count;
    this.#same = same;
    this.#row = new Float64Array(count + 1);
  }

  addLogDensities(coordinate: number, logPrior: number, sums: Float64Array): void {
    const count = this.#count;
    const row = this.#row;
    row.fill(Math.log(((1 - this.#same) / (count - 1)) * count), 0, count);
    row[count] = logPrior;
    row[Math.floor(coordinate * count)] = Math.log(this.#same * count);
    const choices = this.#choices;
    const observations = sums.length;
    for (let i = 0; i < observations; i++) sums[i]! += row[choices[i]!]!;
  }

  draw(observation: number, random: Random): number {
    const choice = this.#choices[observation]!;
    const count = this.#count;
    const drawn = random.uniform() < this.#same ? choice : (choice + 1 + random.integer(count - 1)) % count;
    return (drawn + 0.5) / count;
  }
}
