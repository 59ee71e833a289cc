/**
 * The places of about `maxPoints` points that draw like all of them: of each part of equally many points the first, the
 * last, the least and the greatest (M4, as the server does). NaN is neither least nor greatest.
 */
export function keepExtremes(values: ArrayLike<number>, maxPoints: number): readonly number[] {
  const parts = Math.max(1, Math.floor(maxPoints / 4));
  const kept: number[] = [];
  for (let part = 0; part < parts; part++) {
    const start = Math.floor((part * values.length) / parts);
    const end = Math.floor(((part + 1) * values.length) / parts);
    if (start === end) continue;
    let least = start;
    let greatest = start;
    for (let i = start + 1; i < end; i++) {
      if (values[i]! < values[least]! || Number.isNaN(values[least]!)) least = i;
      if (values[i]! > values[greatest]! || Number.isNaN(values[greatest]!)) greatest = i;
    }
    for (const place of [start, Math.min(least, greatest), Math.max(least, greatest), end - 1]) {
      if (kept.length === 0 || kept.at(-1)! < place) kept.push(place);
    }
  }
  return kept;
}
