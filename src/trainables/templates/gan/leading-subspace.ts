import type { Random } from '../../../core/random.ts';

/** Enough for subspaces as far apart as those of images: their leading variances differ by orders of magnitude. */
const iterations = 6;

/**
 * The subspace in which examples vary most: that of their first principal components, by subspace iteration from a random
 * start (Halko et al. 2011, algorithm 4.4). Distances within it do not depend on the axes that span it.
 */
export class LeadingSubspace {
  readonly dimensions: number;
  readonly #width: number;
  readonly #mean: Float64Array;
  /** Orthonormal, one after the other; zeros where the examples span fewer. */
  readonly #axes: Float64Array;

  /**
   * @param examples one after the other, each of `width` numbers
   * @param dimensions at most `width`
   * @param onIteration awaited before each iteration
   */
  static async fit(
    examples: Float32Array,
    width: number,
    dimensions: number,
    random: Random,
    onIteration: () => Promise<void> = async () => {},
  ): Promise<LeadingSubspace> {
    const count = examples.length / width;
    const mean = new Float64Array(width);
    for (let place = 0; place < examples.length; place++) mean[place % width]! += examples[place]! / count;
    let axes = Float64Array.from({ length: dimensions * width }, () => random.normal());
    orthonormalise(axes, width);
    for (let iteration = 0; iteration < iterations; iteration++) {
      await onIteration();
      axes = applyCovariance(examples, mean, axes, width);
      orthonormalise(axes, width);
    }
    return new LeadingSubspace(width, dimensions, mean, axes);
  }

  private constructor(width: number, dimensions: number, mean: Float64Array, axes: Float64Array) {
    this.#width = width;
    this.dimensions = dimensions;
    this.#mean = mean;
    this.#axes = axes;
  }

  /** The coordinates of points in the subspace, one point after the other. */
  project(points: Float32Array): Float32Array {
    const width = this.#width;
    const centred = new Float64Array(width);
    const projected = new Float32Array((points.length / width) * this.dimensions);
    for (let start = 0, to = 0; start < points.length; start += width) {
      for (let k = 0; k < width; k++) centred[k] = points[start + k]! - this.#mean[k]!;
      for (let axis = 0; axis < this.dimensions; axis++) {
        projected[to++] = dot(centred, this.#axes.subarray(axis * width, (axis + 1) * width));
      }
    }
    return projected;
  }
}

/** X'X a for each axis a, with X the centred examples. */
function applyCovariance(
  examples: Float32Array,
  mean: Float64Array,
  axes: Float64Array,
  width: number,
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(axes.length);
  const centred = new Float64Array(width);
  for (let start = 0; start < examples.length; start += width) {
    for (let k = 0; k < width; k++) centred[k] = examples[start + k]! - mean[k]!;
    for (let from = 0; from < axes.length; from += width) {
      const weight = dot(centred, axes.subarray(from, from + width));
      for (let k = 0; k < width; k++) result[from + k]! += weight * centred[k]!;
    }
  }
  return result;
}

/** Gram-Schmidt, twice for each axis, as once loses orthogonality where axes are nearly parallel. */
function orthonormalise(axes: Float64Array, width: number): void {
  for (let start = 0; start < axes.length; start += width) {
    const axis = axes.subarray(start, start + width);
    const before = Math.sqrt(dot(axis, axis));
    for (let pass = 0; pass < 2; pass++) {
      for (let from = 0; from < start; from += width) {
        const other = axes.subarray(from, from + width);
        const share = dot(axis, other);
        for (let k = 0; k < width; k++) axis[k]! -= share * other[k]!;
      }
    }
    const norm = Math.sqrt(dot(axis, axis));
    // What is left of an axis within the others is rounding.
    const scale = norm > 1e-10 * before ? 1 / norm : 0;
    for (let k = 0; k < width; k++) axis[k]! *= scale;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
