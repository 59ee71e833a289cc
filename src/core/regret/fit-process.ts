import { GaussianProcess, ProcessData, type ProcessShape } from './gaussian-process.ts';
import type { Point } from './setting-geometry.ts';

/** Trials that the shape is fitted to; one fit costs 60 times a third of its cube. */
const fittedPoints = 80;
/** Shapes that are tried. */
const tries = 60;

const startLengths = [0.15, 0.5, 1.5, 5];
const startNoises = [1e-6, 1e-3, 1e-1];
const [leastLength, mostLength] = [0.02, 100];
const [leastNoise, mostNoise] = [1e-8, 10];

/**
 * The process of the likeliest shape for some data: the best of a grid of shapes with all lengths equal, then one length
 * after the other (and the noise) made four times as large or small while that helps. Lengths are not taken from the data
 * alone but with a log-normal prior of median sqrt(2 d) (Hvarfner et al. 2024, section 4), as there are more of them than
 * a few trials tell. Deterministic; the order of the points decides only which of many the shape is fitted to.
 */
export function fitProcess(data: ProcessData): GaussianProcess {
  const { dimensions } = data.geometry;
  const sample = subsample(data);
  const judge = (shape: ProcessShape): number =>
    new GaussianProcess(sample, shape).logLikelihood + logPrior(shape.lengths);
  let best: ProcessShape = { lengths: [], noise: 1 };
  let score = Number.NEGATIVE_INFINITY;
  let tried = 0;
  const attempt = (shape: ProcessShape): boolean => {
    tried++;
    const found = judge(shape);
    if (!(found > score)) return false;
    best = shape;
    score = found;
    return true;
  };
  const scale = Math.sqrt(dimensions);
  for (const length of startLengths) {
    for (const noise of startNoises) attempt({ lengths: Array(dimensions).fill(length * scale), noise });
  }
  for (let factor = 4; factor > 1.2 && tried < tries; factor = Math.sqrt(factor)) {
    let isBetter = true;
    while (isBetter && tried < tries) {
      isBetter = false;
      for (let d = 0; d <= dimensions && tried < tries; d++) {
        isBetter = attempt(moved(best, d, factor)) || attempt(moved(best, d, 1 / factor)) || isBetter;
      }
    }
  }
  return new GaussianProcess(data, best);
}

function moved({ lengths, noise }: ProcessShape, dimension: number, factor: number): ProcessShape {
  if (dimension === lengths.length)
    return { lengths, noise: clamp(noise * factor ** 2, leastNoise, mostNoise) };
  const length = clamp(lengths[dimension]! * factor, leastLength, mostLength);
  return { lengths: lengths.with(dimension, length), noise };
}

/** LogNormal(sqrt 2 + log sqrt d, sqrt 3), without its constants. */
function logPrior(lengths: readonly number[]): number {
  const location = Math.SQRT2 + Math.log(lengths.length) / 2;
  return -lengths.reduce((sum, length) => sum + (Math.log(length) - location) ** 2 / 6, 0);
}

function subsample({ geometry, points, values }: ProcessData): ProcessData {
  const n = points.length;
  if (n <= fittedPoints) return new ProcessData(geometry, points, values);
  const places = Array.from({ length: fittedPoints }, (_, i) => Math.floor((i * n) / fittedPoints));
  const kept = (of: readonly Point[]): Point[] => places.map((place) => of[place]!);
  return new ProcessData(
    geometry,
    kept(points),
    Float64Array.from(places, (place) => values[place]!),
  );
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
