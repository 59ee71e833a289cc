import { type Axis, axisOf } from '../search-space/axis.ts';
import type { NamedParameter, Params, SearchSpace } from '../search-space/space.ts';
import { grown } from './grown.ts';
import { hashCoordinates } from './hash-coordinates.ts';

/**
 * Where trials lie in a space: a row a trial, by number, of coordinates on the unit axes in the order of the space.
 * A coordinate is NaN where the trial lacks the parameter, or has a value from before the space changed that lies
 * outside it now. 8 bytes a parameter and trial.
 */
export class CoordinateTable {
  readonly axes: readonly Axis[];
  readonly #parameters: readonly NamedParameter[];
  #rows = new Float64Array(0);
  #hashes = new Int32Array(0);
  /** How many trials share a hash. */
  readonly #taken = new Map<number, number>();

  constructor(space: SearchSpace) {
    this.#parameters = space.parameters;
    this.axes = space.parameters.map(axisOf);
  }

  /** The number must not be in here. */
  insert(number: number, params: Params): void {
    const width = this.axes.length;
    this.#rows = grown(this.#rows, (number + 1) * width);
    this.#hashes = grown(this.#hashes, number + 1);
    this.#parameters.forEach(({ name }, d) => {
      const axis = this.axes[d]!;
      const value = Object.hasOwn(params, name) ? axis.snap(params[name]) : undefined;
      this.#rows[number * width + d] = value === undefined ? Number.NaN : axis.encode(value);
    });
    const hash = hashCoordinates(this.#rows, number * width, width);
    this.#hashes[number] = hash;
    this.#taken.set(hash, (this.#taken.get(hash) ?? 0) + 1);
  }

  /** The number must be in here. */
  delete(number: number): void {
    const hash = this.#hashes[number]!;
    const others = this.#taken.get(hash)! - 1;
    if (others === 0) this.#taken.delete(hash);
    else this.#taken.set(hash, others);
  }

  /** The coordinates of some trials: a column a parameter, in the order of the numbers. */
  columnsOf(numbers: readonly number[]): Float64Array[] {
    const width = this.axes.length;
    const rows = this.#rows;
    const columns = this.axes.map(() => new Float64Array(numbers.length));
    for (let i = 0; i < numbers.length; i++) {
      const start = numbers[i]! * width;
      for (let d = 0; d < width; d++) columns[d]![i] = rows[start + d]!;
    }
    return columns;
  }

  /** Whether a trial lies there. By hash: one in 20,000 settings is taken for one of 100,000 others. */
  isTaken(coordinates: Float64Array): boolean {
    return this.#taken.has(hashCoordinates(coordinates, 0, coordinates.length));
  }

  /** By a hash of where they lie, so in an order that depends neither on when trials came nor on where they lie. */
  compareByHash(a: number, b: number): number {
    return this.#hashes[a]! - this.#hashes[b]! || a - b;
  }
}
