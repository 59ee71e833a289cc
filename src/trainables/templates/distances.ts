/**
 * The squared Euclidean distances of all pairs, n x n, row by row.
 * @param points n times `width` numbers
 * @param onRow awaited before each row
 */
export async function squaredDistances(
  points: Float32Array,
  width: number,
  onRow: () => Promise<void> = async () => {},
): Promise<Float32Array> {
  const n = points.length / width;
  const distances = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    await onRow();
    for (let j = i + 1; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += (points[i * width + k]! - points[j * width + k]!) ** 2;
      distances[i * n + j] = sum;
      distances[j * n + i] = sum;
    }
  }
  return distances;
}

/** The squared Euclidean distances of each of `points` from each of `others`, row by row; `onRow` as above. */
export async function squaredDistancesBetween(
  points: Float32Array,
  others: Float32Array,
  width: number,
  onRow: () => Promise<void> = async () => {},
): Promise<Float32Array> {
  const [rows, columns] = [points.length / width, others.length / width];
  const distances = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    await onRow();
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += (points[i * width + k]! - others[j * width + k]!) ** 2;
      distances[i * columns + j] = sum;
    }
  }
  return distances;
}

/** The indices of the other points by their distance from point `i`, the nearest first; equal ones by index. */
export function neighbours(distances: Float32Array, n: number, i: number): Uint32Array {
  const row = distances.subarray(i * n, (i + 1) * n);
  const others = Uint32Array.from({ length: n - 1 }, (_, j) => (j < i ? j : j + 1));
  return others.sort((a, b) => row[a]! - row[b]! || a - b);
}
