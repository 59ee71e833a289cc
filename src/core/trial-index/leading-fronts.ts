import { hypervolumeSubset } from '../pareto/hypervolume-subset.ts';
import { Front } from './front.ts';
import type { StandingTable } from './standing-table.ts';

/** At least so many trials are kept ranked, and four times as many as were asked for. */
const leastRanked = 128;

/**
 * The first fronts of trials with several objectives, kept as trials come: rank 0 is dominated by none, rank 1 only by
 * rank 0, and so on. Trials behind the kept fronts are not ranked until they are needed. A trial that comes pushes
 * those it dominates one front back, and these push others (Li et al. 2014, "Efficient Non-domination Level Update").
 * A trial behind costs O(log fronts) comparisons with a front, one among them O(size of the fronts it changes).
 */
export class LeadingFronts {
  readonly #standings: StandingTable;
  readonly #objectives: number;
  readonly #compare: (a: number, b: number) => number;
  #fronts: Front[] = [];
  #ranked = 0;
  readonly #rest = new Set<number>();
  #target = leastRanked;
  #best: { readonly count: number; readonly numbers: readonly number[] } | null = null;

  /** `compare` orders by losses, the first objective first, and is 0 for equal numbers only. */
  constructor(standings: StandingTable, objectives: number, compare: (a: number, b: number) => number) {
    this.#standings = standings;
    this.#objectives = objectives;
    this.#compare = compare;
  }

  insert(number: number): void {
    const rank = this.#rankOf(number);
    if (rank === this.#fronts.length && this.#rest.size > 0) {
      this.#rest.add(number);
      return;
    }
    this.#best = null;
    this.#ranked++;
    let arriving = [number];
    let isWhole = this.#rest.size === 0;
    for (let k = rank; arriving.length > 0; k++) {
      const front = this.#fronts[k];
      if (front === undefined) {
        // Behind a front that had to go as a whole nothing else can belong; otherwise some of the rest may.
        if (isWhole) this.#fronts.push(this.#frontOf(arriving));
        else this.#setAside(arriving);
        break;
      }
      const size = front.numbers.length;
      arriving = front.add(arriving);
      isWhole = this.#rest.size === 0 || arriving.length === size;
    }
    while (this.#fronts.length > 1 && this.#ranked - this.#fronts.at(-1)!.numbers.length >= this.#target) {
      this.#setAside(this.#fronts.pop()!.numbers);
    }
  }

  /** The number must be in here. */
  delete(number: number): void {
    if (this.#rest.delete(number)) return;
    this.#best = null;
    const rank = this.#fronts.findIndex((front) => front.has(number));
    // Those it alone dominated move up: they and all behind are ranked anew when they are needed.
    for (const front of this.#fronts.splice(rank)) this.#setAside(front.numbers);
    this.#rest.delete(number);
  }

  /** The `count` best: whole fronts, and of the one that does not fit those that dominate most volume together. */
  best(count: number): readonly number[] {
    if (this.#best?.count === count) return this.#best.numbers;
    const numbers: number[] = [];
    for (const { numbers: front } of this.#leading(count)) {
      const left = count - numbers.length;
      if (left <= 0) break;
      if (front.length <= left) numbers.push(...front);
      else
        numbers.push(
          ...hypervolumeSubset(
            front.map((n) => this.#lossesOf(n)),
            left,
          ).map((i) => front[i]!),
        );
    }
    this.#best = { count, numbers };
    return numbers;
  }

  /** `count` trials of the first fronts, all where there are fewer; ordered by front, then by losses. */
  first(count: number): number[] {
    return this.#leading(count)
      .flatMap((front) => front.numbers)
      .slice(0, count);
  }

  /** The fronts that are kept, with at least `count` trials where there are so many. */
  #leading(count: number): readonly Front[] {
    this.#target = Math.max(this.#target, 4 * count);
    while (this.#ranked < count && this.#rest.size > 0) this.#rankNext();
    return this.#fronts;
  }

  #rankNext(): void {
    const front = this.#frontOf([]);
    for (const number of this.#rest) {
      if (!front.dominates(number)) front.add([number]);
    }
    this.#fronts.push(front);
    this.#ranked += front.numbers.length;
    for (const number of front.numbers) this.#rest.delete(number);
  }

  /** The first front that does not dominate it: those before all do. */
  #rankOf(number: number): number {
    let low = 0;
    let high = this.#fronts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#fronts[middle]!.dominates(number)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #setAside(numbers: readonly number[]): void {
    this.#ranked -= numbers.length;
    for (const number of numbers) this.#rest.add(number);
  }

  #frontOf(numbers: readonly number[]): Front {
    return new Front(this.#standings, this.#objectives, this.#compare, numbers);
  }

  #lossesOf(number: number): number[] {
    return Array.from({ length: this.#objectives }, (_, k) => this.#standings.key(number, k));
  }
}
