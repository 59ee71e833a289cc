/** Cells of about two pixels on a chart as wide as the page. */
const wholeColumns = 800;
const wholeRows = 400;

export interface PointRange {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/**
 * The places of those points that are seen: of several in one cell of an 800 x 400 grid over the range the last one,
 * which would cover the others; a smaller chart takes a `share` of them on each side. Points with NaN are left out, those beyond the range are drawn at its edge. A hundred
 * thousand trials so become a few thousand marks that look the same.
 */
export function visiblePoints(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  places: ArrayLike<number>,
  { x: [left, right], y: [bottom, top] }: PointRange,
  share = 1,
): Uint32Array {
  const columns = Math.round(wholeColumns * share);
  const rows = Math.round(wholeRows * share);
  const cells = new Int32Array((columns + 1) * (rows + 1)).fill(-1);
  let count = 0;
  const width = right - left || 1;
  const height = top - bottom || 1;
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    const x = xs[place]!;
    const y = ys[place]!;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    const column = Math.max(0, Math.min(columns, Math.round(((x - left) / width) * columns)));
    const row = Math.max(0, Math.min(rows, Math.round(((y - bottom) / height) * rows)));
    const cell = row * (columns + 1) + column;
    if (cells[cell] === -1) count += 1;
    cells[cell] = place;
  }
  const shown = new Uint32Array(count);
  for (const place of cells) if (place !== -1) shown[--count] = place;
  return shown.sort();
}
