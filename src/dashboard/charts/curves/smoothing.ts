/**
 * An exponential moving average without the pull of its start (as Adam corrects its moments, Kingma and Ba 2015, 3): the
 * weight of the past is `weight` for a step of `spacing`, and weight^(step / spacing) for others, so that points that were
 * left out do not change how smooth it is. NaN and infinities stay as they are and change nothing that follows.
 */
export function smoothed(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  weight: number,
  spacing: number,
): Float64Array {
  const result = new Float64Array(values.length);
  let average = 0;
  let mass = 0;
  let before = Number.NaN;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      result[i] = value;
      continue;
    }
    const distance = Number.isNaN(before) ? 1 : Math.max(0, steps[i]! - before) / spacing;
    const kept = weight ** distance;
    average = kept * average + (1 - kept) * value;
    mass = kept * mass + (1 - kept);
    before = steps[i]!;
    // Without any weight on the new value, as for two points of one step, the average is what it was.
    result[i] = mass > 0 ? average / mass : value;
  }
  return result;
}
