import type { StandingTable } from './standing-table.ts';

/** Trials none of which dominates another, in lexicographic order of their losses. */
export class Front {
  readonly #standings: StandingTable;
  readonly #objectives: number;
  readonly #compare: (a: number, b: number) => number;
  #numbers: number[] = [];

  /** `compare` orders by losses, the first objective first, and is 0 for equal numbers only. */
  constructor(
    standings: StandingTable,
    objectives: number,
    compare: (a: number, b: number) => number,
    numbers: readonly number[] = [],
  ) {
    this.#standings = standings;
    this.#objectives = objectives;
    this.#compare = compare;
    this.#numbers = [...numbers];
  }

  get numbers(): readonly number[] {
    return this.#numbers;
  }

  has(number: number): boolean {
    return this.#numbers[this.#placeOf(number)] === number;
  }

  /** Whether one of its trials dominates the given one. */
  dominates(number: number): boolean {
    if (this.#objectives === 2) {
      // The second loss falls along the front, so of those before it the last has the least.
      const place = this.#placeOf(number);
      return place > 0 && this.#dominates(this.#numbers[place - 1]!, number);
    }
    return this.#numbers.some((member) => this.#dominates(member, number));
  }

  /**
   * Takes in trials that dominate neither each other nor are dominated here.
   * @returns those that had to go, in order
   */
  add(arriving: readonly number[]): number[] {
    const displaced: number[] = [];
    const merged: number[] = [];
    let next = 0;
    for (const member of this.#numbers) {
      while (next < arriving.length && this.#compare(arriving[next]!, member) < 0)
        merged.push(arriving[next++]!);
      // Only those before it can dominate it; of two objectives only the last one, see above.
      const from = this.#objectives === 2 ? Math.max(0, next - 1) : 0;
      let isDominated = false;
      for (let i = from; i < next && !isDominated; i++) isDominated = this.#dominates(arriving[i]!, member);
      (isDominated ? displaced : merged).push(member);
    }
    while (next < arriving.length) merged.push(arriving[next++]!);
    this.#numbers = merged;
    return displaced;
  }

  #placeOf(number: number): number {
    let low = 0;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#numbers[middle]!, number) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #dominates(a: number, b: number): boolean {
    let isBetter = false;
    for (let k = 0; k < this.#objectives; k++) {
      const first = this.#standings.key(a, k);
      const second = this.#standings.key(b, k);
      if (first > second) return false;
      if (first < second) isBetter = true;
    }
    return isBetter;
  }
}
