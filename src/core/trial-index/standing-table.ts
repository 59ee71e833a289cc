import { grown } from './grown.ts';
import type { Standing } from './standing.ts';

/** How well every observed trial did, by number: a tier and `width` keys each. */
export class StandingTable {
  /** How many keys a trial has; those it does not need are 0. */
  readonly width: number;
  #tiers = new Uint8Array(0);
  #keys = new Float64Array(0);

  constructor(objectives: number) {
    // Pruned trials have two.
    this.width = Math.max(2, objectives);
  }

  set(number: number, { tier, keys }: Standing): void {
    this.#tiers = grown(this.#tiers, number + 1);
    this.#keys = grown(this.#keys, (number + 1) * this.width);
    this.#tiers[number] = tier;
    for (let k = 0; k < this.width; k++) this.#keys[number * this.width + k] = keys[k] ?? 0;
  }

  tier(number: number): number {
    return this.#tiers[number]!;
  }

  key(number: number, k: number): number {
    return this.#keys[number * this.width + k]!;
  }

  /** The better one first; 0 for equals. */
  compare(a: number, b: number): number {
    if (this.#tiers[a] !== this.#tiers[b]) return this.#tiers[a]! - this.#tiers[b]!;
    for (let k = 0; k < this.width; k++) {
      const first = this.key(a, k);
      const second = this.key(b, k);
      // Not their difference, which is NaN for infinities.
      if (first !== second) return first < second ? -1 : 1;
    }
    return 0;
  }
}
