/** Points of an empirical distribution function that draw like all: at most this many. */
const maxPoints = 1000;

/** The share of values at or below each; NaN counts nowhere. Steps of long lists are drawn at every n-th value. */
export function distribution(
  values: readonly number[],
): readonly (readonly [value: number, share: number])[] {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const stride = Math.max(1, Math.ceil(sorted.length / maxPoints));
  const points: [number, number][] = [];
  for (let i = 0; i < sorted.length; i += stride) points.push([sorted[i]!, (i + 1) / sorted.length]);
  const last = sorted.at(-1);
  if (last !== undefined && points.at(-1)![1] < 1) points.push([last, 1]);
  return points;
}
