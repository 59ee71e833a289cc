/** Cells on each side of the interpolated plane. */
export const planeCells = 60;
const neighbours = 8;

/**
 * What a plane's cells would be like by the points near them: the mean of the eight nearest, weighted by the inverse square
 * of the distance (Shepard 1968), with both axes as 0 to 1. Cells by rows from below; without points all NaN.
 */
export function interpolate(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  values: ArrayLike<number>,
): Float64Array {
  const plane = new Float64Array(planeCells * planeCells).fill(Number.NaN);
  if (xs.length === 0) return plane;
  const distances = new Float64Array(neighbours);
  const nearest = new Int32Array(neighbours);
  for (let cell = 0; cell < plane.length; cell++) {
    const x = ((cell % planeCells) + 0.5) / planeCells;
    const y = (Math.floor(cell / planeCells) + 0.5) / planeCells;
    distances.fill(Number.POSITIVE_INFINITY);
    for (let i = 0; i < xs.length; i++) {
      const distance = (xs[i]! - x) ** 2 + (ys[i]! - y) ** 2;
      if (distance >= distances[neighbours - 1]!) continue;
      let place = neighbours - 1;
      for (; place > 0 && distances[place - 1]! > distance; place--) {
        distances[place] = distances[place - 1]!;
        nearest[place] = nearest[place - 1]!;
      }
      distances[place] = distance;
      nearest[place] = i;
    }
    let sum = 0;
    let mass = 0;
    for (let k = 0; k < neighbours && distances[k]! < Number.POSITIVE_INFINITY; k++) {
      const weight = 1 / (distances[k]! + 1e-4);
      sum += weight * values[nearest[k]!]!;
      mass += weight;
    }
    plane[cell] = sum / mass;
  }
  return plane;
}
