/**
 * The places of at most about `maxPoints` points that draw like all of them: M4 (Jugel et al. 2014, VLDB 7/10): the
 * range is cut into maxPoints / 4 parts of equal count, and each keeps its first, last, least and greatest value, so
 * no spike is lost. NaN is neither least nor greatest. All places where nothing is to be left out or maxPoints <= 0.
 */
export function downsample(values: ArrayLike<number>, maxPoints: number): Uint32Array {
  const count = values.length;
  if (maxPoints <= 0 || count <= maxPoints) return Uint32Array.from({ length: count }, (_, i) => i);
  const parts = Math.max(1, Math.floor(maxPoints / 4));
  const kept = new Uint32Array(parts * 4);
  let size = 0;
  for (let part = 0; part < parts; part++) {
    const start = Math.floor((part * count) / parts);
    const end = Math.floor(((part + 1) * count) / parts);
    if (start === end) continue;
    let least = start;
    let greatest = start;
    for (let i = start; i < end; i++) {
      // Written so that a NaN at the start gives way to any number.
      if (values[i]! < values[least]! || Number.isNaN(values[least]!)) least = i;
      if (values[i]! > values[greatest]! || Number.isNaN(values[greatest]!)) greatest = i;
    }
    const [first, second] = least < greatest ? [least, greatest] : [greatest, least];
    for (const place of [start, first, second, end - 1]) {
      if (size === 0 || kept[size - 1]! < place) kept[size++] = place;
    }
  }
  return kept.slice(0, size);
}
