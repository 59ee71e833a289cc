import { factorise, solveLower, solveUpper } from './cholesky.ts';
import type { Point, SettingGeometry } from './setting-geometry.ts';

/** What a Gaussian process supposes of a function, whose values have mean 0 and deviation 1. */
export interface ProcessShape {
  /** How far one must go in each dimension for another value. */
  readonly lengths: readonly number[];
  /** The variance of the noise, as a share of that of the function. */
  readonly noise: number;
}

/** Points and the values there, prepared for processes of any shape. */
export class ProcessData {
  readonly geometry: SettingGeometry;
  readonly points: readonly Point[];
  readonly values: Float64Array;
  /** Of each pair i > j the squared distances in all dimensions, pair by pair. */
  readonly #distances: Float64Array;

  constructor(geometry: SettingGeometry, points: readonly Point[], values: Float64Array) {
    const { dimensions } = geometry;
    const n = points.length;
    this.geometry = geometry;
    this.points = points;
    this.values = values;
    this.#distances = new Float64Array(((n * (n - 1)) / 2) * dimensions);
    for (let i = 1, at = 0; i < n; i++) {
      for (let j = 0; j < i; j++, at += dimensions) {
        geometry.squaredDistances(points[i]!, points[j]!, this.#distances.subarray(at, at + dimensions));
      }
    }
  }

  /** R + noise I, row by row; only the lower triangle is filled. */
  correlations({ lengths, noise }: ProcessShape): Float64Array {
    const n = this.points.length;
    const weights = lengths.map((length) => 1 / length ** 2);
    const matrix = new Float64Array(n * n);
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        let squared = 0;
        for (const weight of weights) squared += weight * this.#distances[at++]!;
        matrix[i * n + j] = matern(squared);
      }
      matrix[i * n + i] = 1 + noise;
    }
    return matrix;
  }
}

/** Matérn's correlation with smoothness 5/2 (Rasmussen and Williams 2006, equation 4.17), of a squared distance. */
function matern(squared: number): number {
  const scaled = Math.sqrt(5 * squared);
  return (1 + scaled + scaled ** 2 / 3) * Math.exp(-scaled);
}

/**
 * A Gaussian process given data (Rasmussen and Williams 2006, algorithm 2.1). The variance of the function is the
 * likeliest one for the shape: y' (R + noise I)^-1 y / n.
 */
export class GaussianProcess {
  /** Of the data, in nats, at the likeliest variance and without constants; -infinity where the shape is impossible. */
  readonly logLikelihood: number;
  readonly #data: ProcessData;
  readonly #weights: readonly number[];
  readonly #lower: Float64Array;
  /** (R + noise I)^-1 y */
  readonly #solved: Float64Array;
  readonly #variance: number;

  constructor(data: ProcessData, shape: ProcessShape) {
    const n = data.points.length;
    this.#data = data;
    this.#weights = shape.lengths.map((length) => 1 / length ** 2);
    this.#lower = data.correlations(shape);
    this.#solved = data.values.slice();
    if (!factorise(this.#lower, n)) {
      this.#variance = Number.NaN;
      this.logLikelihood = Number.NEGATIVE_INFINITY;
      return;
    }
    solveUpper(this.#lower, n, solveLower(this.#lower, n, this.#solved));
    let fit = 0;
    let logDeterminant = 0;
    for (let i = 0; i < n; i++) {
      fit += data.values[i]! * this.#solved[i]!;
      logDeterminant += 2 * Math.log(this.#lower[i * n + i]!);
    }
    // Values that are all equal fit any process: one of hardly any variance.
    this.#variance = Math.max(fit / n, 1e-12);
    this.logLikelihood = -0.5 * (n * Math.log(this.#variance) + logDeterminant);
  }

  /** The mean and deviation of the function at a point, without noise. */
  predict(point: Point): { readonly mean: number; readonly deviation: number } {
    const { geometry, points } = this.#data;
    const n = points.length;
    const distances = new Float64Array(geometry.dimensions);
    const correlation = new Float64Array(n);
    let mean = 0;
    for (let i = 0; i < n; i++) {
      geometry.squaredDistances(point, points[i]!, distances);
      let squared = 0;
      for (let d = 0; d < distances.length; d++) squared += this.#weights[d]! * distances[d]!;
      correlation[i] = matern(squared);
      mean += correlation[i]! * this.#solved[i]!;
    }
    let explained = 0;
    for (const part of solveLower(this.#lower, n, correlation)) explained += part * part;
    return { mean, deviation: Math.sqrt(this.#variance * Math.max(0, 1 - explained)) };
  }
}
