import type { Direction } from '../../../client/index.ts';

/** Farther from the middle eight tenths than so many times their extent, a value is an outlier that would press all others together. */
const outlierFactor = 2;
const sampleSize = 5000;

/**
 * The range of a value axis: all finite values, but of the worse side no outliers, which are drawn at the edge. The better
 * side is always whole; without a direction both are. Null where there are no finite values.
 */
export function valueRange(
  values: ArrayLike<number>,
  direction: Direction | null,
): readonly [low: number, high: number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const sample: number[] = [];
  const stride = Math.max(1, Math.floor(values.length / sampleSize));
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    if (i % stride === 0) sample.push(value);
  }
  if (low > high) return null;
  if (direction === null || sample.length < 8) return [low, high];
  sample.sort((a, b) => a - b);
  const q10 = sample[Math.floor(0.1 * (sample.length - 1))]!;
  const q90 = sample[Math.ceil(0.9 * (sample.length - 1))]!;
  const reach = outlierFactor * (q90 - q10);
  if (reach === 0) return [low, high];
  return direction === 'MINIMIZE' ? [low, Math.min(high, q90 + reach)] : [Math.max(low, q10 - reach), high];
}

/** The share of an axis that is left free before its first mark and behind its last. */
const endShare = 0.015;

/** The range of an axis along which trials or steps lie, with room for whole marks at both ends; in the logarithm where it is `log`. */
export function withEnds([low, high]: readonly [number, number], log = false): [number, number] {
  if (!log) {
    const room = endShare * (high - low);
    return [low - room, high + room];
  }
  const factor = (high / low) ** endShare;
  return [low / factor, high * factor];
}

/** A range with a margin of a twentieth, so that marks at its ends are whole; in the logarithm where it is `log`. */
export function padded([low, high]: readonly [number, number], log: boolean): [number, number] {
  if (log && low > 0) {
    const margin = Math.max(Math.log(high / low) * 0.05, 0.02);
    return [low * Math.exp(-margin), high * Math.exp(margin)];
  }
  if (low === high) {
    const margin = Math.abs(high) * 0.05 || 1;
    return [low - margin, high + margin];
  }
  // Of values that hardly differ, a margin of their extent would round to nothing.
  const margin = Math.max((high - low) * 0.05, Math.abs(high) * 1e-6, Math.abs(low) * 1e-6);
  return [low - margin, high + margin];
}
