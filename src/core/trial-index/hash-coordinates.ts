const bits = new Float64Array(1);
const halves = new Int32Array(bits.buffer);

/** A hash of 31 bits; equal coordinates have equal ones (0 and -0 differ, which coordinates never have). */
export function hashCoordinates(rows: Float64Array, start: number, width: number): number {
  let hash = 0x9e3779b9 | 0;
  for (let i = start; i < start + width; i++) {
    // Every NaN alike, whatever its bits.
    bits[0] = Number.isNaN(rows[i]!) ? 2 : rows[i]!;
    hash = mix(hash ^ halves[0]!);
    hash = mix(hash ^ halves[1]!);
  }
  return hash >>> 1;
}

/** The finaliser of MurmurHash3 with an increment, so that 0 does not stay 0. */
function mix(value: number): number {
  let z = (value + 0x7f4a7c15) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}
