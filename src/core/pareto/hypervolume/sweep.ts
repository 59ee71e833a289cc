import type { Losses } from '../losses.ts';
import { SlotSet } from './slot-set.ts';

/** The area that points dominate within a reference point, all of them better than it. O(n log n). */
export function area(points: readonly Losses[], reference: Losses): number {
  const ascending = points.toSorted((a, b) => a[0]! - b[0]!);
  let sum = 0;
  let height = reference[1]!;
  for (const point of ascending) {
    const y = point[1]!;
    if (y >= height) continue;
    sum += (reference[0]! - point[0]!) * (height - y);
    height = y;
  }
  return sum;
}

/**
 * The volume that points dominate within a reference point, all of them better than it in their first three losses.
 * Dimension sweep (Fonseca, Paquete and Lopez-Ibanez 2006; Beume et al. 2009): the slices between two depths share one
 * area, whose outline grows point by point. Each point enters and leaves the outline once, so it is O(n log n).
 */
export function volumeBySweep(points: readonly Losses[], reference: Losses): number {
  return new Sweep(points).volume(reference, null);
}

/**
 * How much of what a point dominates others do not, for every point of a front of three objectives that are all better
 * than the reference point: O(n^2 log n), and as each sweep takes the order of the first, fast for a thousand.
 */
export function contributionsBySweep(front: readonly Losses[], reference: Losses): Float64Array {
  const sweep = new Sweep(front);
  return Float64Array.from(front, (point, i) => {
    const [x, y, z] = point as readonly [number, number, number];
    const alone = (reference[0]! - x) * (reference[1]! - y) * (reference[2]! - z);
    // Rounding may leave a little less than nothing.
    return Math.max(0, alone - sweep.volume(reference, i));
  });
}

/** Points in the two orders that a sweep needs. */
class Sweep {
  readonly #count: number;
  /** By x. A point's slot is its place there. */
  readonly #xs: Float64Array;
  readonly #ys: Float64Array;
  readonly #slotOf: Int32Array;
  /** By depth. */
  readonly #zs: Float64Array;
  readonly #slots: Int32Array;

  constructor(points: readonly Losses[]) {
    const count = points.length;
    this.#count = count;
    this.#xs = new Float64Array(count);
    this.#ys = new Float64Array(count);
    this.#zs = new Float64Array(count);
    this.#slotOf = new Int32Array(count);
    this.#slots = new Int32Array(count);
    placesBy(points, 0).forEach((i, slot) => {
      this.#xs[slot] = points[i]![0]!;
      this.#ys[slot] = points[i]![1]!;
      this.#slotOf[i] = slot;
    });
    placesBy(points, 2).forEach((i, place) => {
      this.#zs[place] = points[i]![2]!;
      this.#slots[place] = this.#slotOf[i]!;
    });
  }

  /** The volume of all, or of the part of it that one point dominates and the others do too. */
  volume(reference: Losses, within: number | null): number {
    const [right, top, back] = reference as readonly [number, number, number];
    const only = within === null ? -1 : this.#slotOf[within]!;
    const least = Number.NEGATIVE_INFINITY;
    const [xMin, yMin, zMin] =
      within === null ? [least, least, least] : [this.#xs[only]!, this.#ys[only]!, this.#depthOf(only)];
    const xs = this.#xs;
    const ys = this.#ys;
    const zs = this.#zs;
    // The outline: from slot to slot x ascends and y descends.
    const outline = new SlotSet(this.#count);
    let covered = 0;
    let sum = 0;
    for (let n = 0; n < this.#count; n++) {
      const slot = this.#slots[n]!;
      const y = Math.max(ys[slot]!, yMin);
      const before = outline.before(slot);
      let height = before < 0 ? top : Math.max(ys[before]!, yMin);
      if (y < height && slot !== only) {
        // What the new point covers: down from the outline, step by step to the first lower corner.
        let from = Math.max(xs[slot]!, xMin);
        let next = outline.after(slot);
        while (next >= 0 && ys[next]! >= y) {
          const x = Math.max(xs[next]!, xMin);
          covered += (x - from) * (height - y);
          from = x;
          height = Math.max(ys[next]!, yMin);
          outline.delete(next);
          next = outline.after(slot);
        }
        covered += ((next < 0 ? right : Math.max(xs[next]!, xMin)) - from) * (height - y);
        outline.add(slot);
      }
      const end = n + 1 < this.#count ? zs[n + 1]! : back;
      sum += covered * (Math.max(end, zMin) - Math.max(zs[n]!, zMin));
    }
    return sum;
  }

  #depthOf(slot: number): number {
    return this.#zs[this.#slots.indexOf(slot)]!;
  }
}

/** The positions of points by one of their losses. */
function placesBy(points: readonly Losses[], k: number): Int32Array {
  const losses = Float64Array.from(points, (point) => point[k]!);
  return Int32Array.from(points, (_, i) => i).sort((i, j) => losses[i]! - losses[j]!);
}
