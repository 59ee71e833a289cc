export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Puts spans into as few lanes as they need so that none overlap: the lane of each, from 0. Ties keep their order. */
export function lanesOf(spans: readonly Span[]): Int32Array {
  const lanes = new Int32Array(spans.length);
  const ends: number[] = [];
  const order = spans.map((_, i) => i).sort((a, b) => spans[a]!.start - spans[b]!.start || a - b);
  for (const i of order) {
    const { start, end } = spans[i]!;
    let lane = ends.findIndex((busyUntil) => busyUntil <= start);
    if (lane < 0) lane = ends.length;
    ends[lane] = end;
    lanes[i] = lane;
  }
  return lanes;
}
