import { dominates } from './dominance.ts';
import type { Losses } from './losses.ts';

/**
 * A front that is filled in lexicographic order: every point that it is asked about or takes comes behind all of it, and
 * equals none of it.
 */
export interface OrderedFront {
  /** Whether a point of the front dominates this one. */
  dominates(point: Losses): boolean;
  /** Takes a point that the front does not dominate. */
  add(point: Losses): void;
}

/** A front for this many objectives: asked in O(1) for up to two, in O(log n) for three, in O(n) for more. */
export function createOrderedFront(objectiveCount: number): OrderedFront {
  if (objectiveCount <= 2) return new LastOfFront();
  return objectiveCount === 3 ? new Staircase() : new ListedFront();
}

/** For up to two objectives: the second falls along a front, so its last point has the least. */
class LastOfFront implements OrderedFront {
  #last: Losses | null = null;

  dominates(point: Losses): boolean {
    return this.#last !== null && dominates(this.#last, point);
  }

  add(point: Losses): void {
    this.#last = point;
  }
}

/**
 * For three objectives: the first is no less behind than before, so the other two decide. Of the points, those that none
 * matches in both are a staircase, on which the third falls as the second rises (Kung, Luccio and Preparata 1975,
 * section 3).
 */
class Staircase implements OrderedFront {
  readonly #steps: Losses[] = [];

  dominates(point: Losses): boolean {
    // Of the steps with no more in the second, the last has the least in the third.
    const place = this.#countWhere((step) => step[1]! <= point[1]!) - 1;
    return place >= 0 && this.#steps[place]![2]! <= point[2]!;
  }

  add(point: Losses): void {
    const start = this.#countWhere((step) => step[1]! < point[1]!);
    let end = start;
    while (end < this.#steps.length && this.#steps[end]![2]! >= point[2]!) end++;
    this.#steps.splice(start, end - start, point);
  }

  /** How many steps pass a test that those at the start pass. */
  #countWhere(passes: (step: Losses) => boolean): number {
    let low = 0;
    let high = this.#steps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (passes(this.#steps[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

class ListedFront implements OrderedFront {
  readonly #points: Losses[] = [];

  dominates(point: Losses): boolean {
    // The last ones are the nearest, and so the likeliest to dominate.
    return this.#points.findLast((other) => dominates(other, point)) !== undefined;
  }

  add(point: Losses): void {
    this.#points.push(point);
  }
}
