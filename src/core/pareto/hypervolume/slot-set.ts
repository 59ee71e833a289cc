/** A set of small integers that finds the neighbours of any, each operation in O(log32 size): a tree of 32-bit words. */
export class SlotSet {
  /** The lowest level has a bit a slot; each higher one a bit for each word below that is not empty. */
  readonly #levels: Int32Array[] = [];

  constructor(size: number) {
    let words = size;
    do {
      words = Math.ceil(words / 32);
      this.#levels.push(new Int32Array(words));
    } while (words > 1);
  }

  add(slot: number): void {
    for (const level of this.#levels) {
      level[slot >>> 5]! |= 1 << (slot & 31);
      slot >>>= 5;
    }
  }

  delete(slot: number): void {
    for (const level of this.#levels) {
      level[slot >>> 5]! &= ~(1 << (slot & 31));
      if (level[slot >>> 5] !== 0) return;
      slot >>>= 5;
    }
  }

  /** The greatest member below a slot, or -1. */
  before(slot: number): number {
    for (let height = 0; height < this.#levels.length; height++) {
      const below = this.#levels[height]![slot >>> 5]! & ((1 << (slot & 31)) - 1);
      if (below !== 0) return this.#descend((slot & ~31) | (31 - Math.clz32(below)), height, last);
      slot >>>= 5;
    }
    return -1;
  }

  /** The least member above a slot, or -1. */
  after(slot: number): number {
    for (let height = 0; height < this.#levels.length; height++) {
      const bit = slot & 31;
      const above = bit === 31 ? 0 : this.#levels[height]![slot >>> 5]! & (-1 << (bit + 1));
      if (above !== 0) return this.#descend((slot & ~31) | first(above), height, first);
      slot >>>= 5;
    }
    return -1;
  }

  #descend(slot: number, height: number, choose: (word: number) => number): number {
    for (let level = height - 1; level >= 0; level--) {
      slot = (slot << 5) | choose(this.#levels[level]![slot]!);
    }
    return slot;
  }
}

const first = (word: number): number => 31 - Math.clz32(word & -word);
const last = (word: number): number => 31 - Math.clz32(word);
