/** A full block is cut in two; so many numbers are moved for an insertion at most. */
const blockSize = 512;

/**
 * Trial numbers kept in an order: a list of short sorted blocks, so that insertion and deletion cost O(log n)
 * comparisons and a move within one block.
 */
export class OrderedNumbers {
  readonly #compare: (a: number, b: number) => number;
  readonly #blocks: number[][] = [];

  /** `compare` is 0 for equal numbers only, and must not change its mind about a number while it is in here. */
  constructor(compare: (a: number, b: number) => number) {
    this.#compare = compare;
  }

  insert(number: number): void {
    if (this.#blocks.length === 0) this.#blocks.push([]);
    const b = Math.min(this.#blockOf(number), this.#blocks.length - 1);
    const block = this.#blocks[b]!;
    block.splice(this.#placeIn(block, number), 0, number);
    if (block.length === blockSize) this.#blocks.splice(b + 1, 0, block.splice(blockSize / 2));
  }

  /** The number must be in here. */
  delete(number: number): void {
    const b = this.#blockOf(number);
    const block = this.#blocks[b]!;
    block.splice(this.#placeIn(block, number), 1);
    if (block.length === 0) this.#blocks.splice(b, 1);
  }

  /** From the least on. */
  *[Symbol.iterator](): IterableIterator<number> {
    for (const block of this.#blocks) yield* block;
  }

  /** The `count` least, ascending; all where there are fewer. */
  first(count: number): number[] {
    const least: number[] = [];
    for (const block of this.#blocks) {
      if (least.length >= count) break;
      for (const number of block) {
        if (least.length === count) break;
        least.push(number);
      }
    }
    return least;
  }

  /** The first block whose last number does not come before this one; the number of blocks where all do. */
  #blockOf(number: number): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#blocks[middle]!.at(-1)!, number) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #placeIn(block: readonly number[], number: number): number {
    let low = 0;
    let high = block.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(block[middle]!, number) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
