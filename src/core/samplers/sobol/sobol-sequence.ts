import { mixKeys } from '../../random.ts';
import { joeKuo } from './joe-kuo.ts';

/** So many dimensions have direction numbers. */
export const sobolDimensions = joeKuo.length + 1;

const bits = 32;

/**
 * Coordinate `dimension` of point `index` of the Sobol sequence (Sobol 1967), as 32 bits behind the point: the exclusive
 * or of the direction numbers that the binary digits of the index choose.
 */
export function sobolBits(index: number, dimension: number): number {
  const directions = directionNumbers(dimension);
  let point = 0;
  for (let k = 0, rest = index >>> 0; rest !== 0; k++, rest >>>= 1) {
    if ((rest & 1) === 1) point ^= directions[k]!;
  }
  return point >>> 0;
}

/**
 * The coordinate in (0, 1) after Owen's nested uniform scrambling (Owen 1995, "Randomly Permuted (t,m,s)-Nets and
 * (t,s)-Sequences"): every digit is flipped or not by a coin that belongs to the digits before it. All points stay as
 * evenly spread as they were, and each is uniform by itself. The coins come from the seed.
 */
export function scrambledSobol(index: number, dimension: number, seed: number): number {
  const point = sobolBits(index, dimension);
  let scrambled = 0;
  for (let digit = 0; digit < bits; digit++) {
    const place = bits - 1 - digit;
    // A leading one tells prefixes of different lengths apart.
    const prefix = digit === 0 ? 1 : 2 ** digit + (point >>> (place + 1));
    const coin = mixKeys([seed, dimension, prefix], 0x51ed270b) & 1;
    scrambled = (scrambled << 1) | (((point >>> place) & 1) ^ coin);
  }
  // The middle of the cell of 32 bits: never 0 or 1.
  return ((scrambled >>> 0) + 0.5) / 2 ** bits;
}

const known: (Uint32Array | undefined)[] = [];

/** v_k of a dimension, by the recurrence of Joe and Kuo 2008, equations 2 and 3. */
function directionNumbers(dimension: number): Uint32Array {
  let v = known[dimension];
  if (v !== undefined) return v;
  v = new Uint32Array(bits);
  if (dimension === 0) {
    for (let k = 0; k < bits; k++) v[k] = 2 ** (bits - 1 - k);
  } else {
    const [a, ...m] = joeKuo[dimension - 1]!;
    const degree = m.length;
    for (let k = 0; k < bits; k++) {
      if (k < degree) {
        v[k] = m[k]! * 2 ** (bits - 1 - k);
        continue;
      }
      let number = v[k - degree]! ^ (v[k - degree]! >>> degree);
      for (let i = 1; i < degree; i++) {
        if (((a >>> (degree - 1 - i)) & 1) === 1) number ^= v[k - i]!;
      }
      v[k] = number >>> 0;
    }
  }
  known[dimension] = v;
  return v;
}
