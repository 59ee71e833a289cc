import { hypervolume } from './hypervolume.ts';
import type { Losses } from './losses.ts';
import { referencePoint } from './reference-point.ts';

/**
 * The positions of `count` points of a front that dominate much volume together, in the order in which the greedy
 * algorithm chooses them: always the point that adds most, the earlier one of equals. Within 1 - 1/e of the optimum,
 * since what a point adds only shrinks as others are chosen; so most points need not be looked at again
 * (lazy greedy: Minoux 1978; Guerreiro, Fonseca and Paquete 2016, "Greedy Hypervolume Subset Selection").
 * The volume is measured from the worst of the front and a tenth of its range beyond. Infinite losses count as the
 * worst and the best finite ones.
 */
export function hypervolumeSubset(front: readonly Losses[], count: number): number[] {
  if (count >= front.length) return front.map((_, i) => i);
  const reference = referencePoint(front);
  const points = bounded(front, reference);
  const heap = new GainHeap(points.map((point) => boxVolume(point, reference)));
  const chosen: number[] = [];
  const gainOf = reference.length === 2 ? areaGain : volumeGain;
  /** How many were chosen when a point's gain was computed. */
  const computedAt = new Int32Array(front.length);
  while (chosen.length < count) {
    const top = heap.top;
    if (computedAt[top] === chosen.length) {
      chosen.push(top);
      heap.pop();
      continue;
    }
    const gain = gainOf(
      points[top]!,
      chosen.map((i) => points[i]!),
      reference,
    );
    computedAt[top] = chosen.length;
    heap.lowerTop(gain);
  }
  return chosen;
}

function bounded(front: readonly Losses[], reference: Losses): readonly Losses[] {
  const least = reference.map((_, k) =>
    front.reduce(
      (least, point) => (Number.isFinite(point[k]) ? Math.min(least, point[k]!) : least),
      reference[k]!,
    ),
  );
  return front.map((point) => point.map((loss, k) => Math.min(Math.max(loss, least[k]!), reference[k]!)));
}

function boxVolume(point: Losses, reference: Losses): number {
  return point.reduce((product, loss, k) => product * (reference[k]! - loss), 1);
}

/** What a point adds to the area of others, none of which dominates another: the rectangle up to its neighbours. */
function areaGain(point: Losses, others: readonly Losses[], reference: Losses): number {
  let right = reference[0]!;
  let top = reference[1]!;
  for (const other of others) {
    if (other[0]! <= point[0]!) top = Math.min(top, other[1]!);
    if (other[1]! <= point[1]!) right = Math.min(right, other[0]!);
  }
  return Math.max(0, right - point[0]!) * Math.max(0, top - point[1]!);
}

function volumeGain(point: Losses, others: readonly Losses[], reference: Losses): number {
  const limited = others.map((other) => other.map((loss, k) => Math.max(loss, point[k]!)));
  return boxVolume(point, reference) - hypervolume(limited, reference);
}

/** Positions by what they would add, the greatest on top, the least position of equals. */
class GainHeap {
  readonly #gains: number[];
  readonly #heap: number[];

  constructor(gains: number[]) {
    this.#gains = gains;
    this.#heap = gains.map((_, i) => i);
    for (let place = (gains.length >>> 1) - 1; place >= 0; place--) this.#sink(place);
  }

  get top(): number {
    return this.#heap[0]!;
  }

  pop(): void {
    const last = this.#heap.pop()!;
    if (this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  lowerTop(gain: number): void {
    this.#gains[this.top] = gain;
    this.#sink(0);
  }

  #sink(start: number): void {
    const heap = this.#heap;
    const sinking = heap[start]!;
    let place = start;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#isAbove(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#isAbove(heap[child]!, sinking)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = sinking;
  }

  #isAbove(a: number, b: number): boolean {
    return this.#gains[a]! > this.#gains[b]! || (this.#gains[a] === this.#gains[b] && a < b);
  }
}
