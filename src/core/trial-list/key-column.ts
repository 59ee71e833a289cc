import type { JsonScalar } from '../json.ts';
import { compareKeys } from './trial-order.ts';

/** Some trials in ascending order: those with the key by key and number, those without by number. */
export interface Arrangement {
  readonly present: Int32Array;
  readonly missing: Int32Array;
}

/**
 * One key of every trial, by number, and the trials in its order. Both are made when they are first read; after
 * that, changed trials are put in their new places at the next reading, all at once.
 */
export class KeyColumn {
  /** Undefined where the trial has no such key; null where there is no such trial. */
  readonly #read: (number: number) => { readonly key: JsonScalar | undefined } | null;
  #numbers = new Float64Array(0);
  /** The keys that are no numbers; only where there are such. */
  #others: (JsonScalar | undefined)[] | null = null;
  readonly #changed = new Set<number>();
  #arrangement: Arrangement | null = null;

  constructor(length: number, read: (number: number) => { key: JsonScalar | undefined } | null) {
    this.#read = read;
    this.#numbers = new Float64Array(length).fill(Number.NaN);
    for (let number = 0; number < length; number++) this.#set(number);
  }

  /** Notes that a trial came or changed. */
  change(number: number): void {
    this.#changed.add(number);
  }

  key(number: number): JsonScalar | undefined {
    if (this.#changed.size > 0) this.#refresh();
    const own = this.#numbers[number]!;
    return Number.isNaN(own) ? this.#others?.[number] : own;
  }

  /** All trials. */
  get arrangement(): Arrangement {
    if (this.#changed.size > 0) this.#refresh();
    if (this.#arrangement === null) {
      this.#arrangement = this.arrange(Int32Array.from(this.#numbers.keys()).filter(this.#exists));
    }
    return this.#arrangement;
  }

  /** The trials whose keys lie between two, these included. */
  between(least: JsonScalar, greatest: JsonScalar): Int32Array {
    const { present } = this.arrangement;
    return present.subarray(
      countWhile(present, (number) => compareKeys(this.key(number)!, least) < 0),
      countWhile(present, (number) => compareKeys(this.key(number)!, greatest) <= 0),
    );
  }

  /** Where a trial with the key stands to a place in the order: below 0 before it, 0 at it. */
  compareWith(number: number, key: JsonScalar, otherNumber: number): number {
    return compareKeys(this.key(number)!, key) || number - otherNumber;
  }

  /** Some trials, each once. */
  arrange(numbers: Int32Array): Arrangement {
    const has = (number: number): boolean => this.key(number) !== undefined;
    return {
      present: numbers.filter(has).sort(this.#compare),
      missing: numbers.filter((number) => !has(number)).sort(),
    };
  }

  readonly #exists = (number: number): boolean => this.#read(number) !== null;

  readonly #compare = (a: number, b: number): number => {
    const x = this.#numbers[a]!;
    const y = this.#numbers[b]!;
    if (x < y) return -1;
    if (x > y) return 1;
    // Equal, or one is no number.
    return (x === y ? 0 : compareKeys(this.key(a)!, this.key(b)!)) || a - b;
  };

  #set(number: number): void {
    const key = this.#read(number)?.key;
    if (number >= this.#numbers.length) {
      const longer = new Float64Array(Math.max(number + 1, 2 * this.#numbers.length)).fill(Number.NaN);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[number] = typeof key === 'number' ? key : Number.NaN;
    if (typeof key !== 'number' && key !== undefined) this.#others ??= [];
    if (this.#others !== null) this.#others[number] = typeof key === 'number' ? undefined : key;
  }

  #refresh(): void {
    const changed = Int32Array.from(this.#changed);
    this.#changed.clear();
    for (const number of changed) this.#set(number);
    if (this.#arrangement === null) return;
    const moved = new Uint8Array(this.#numbers.length);
    for (const number of changed) moved[number] = 1;
    const arriving = this.arrange(changed.filter(this.#exists));
    this.#arrangement = {
      present: merged(this.#arrangement.present, arriving.present, moved, this.#compare),
      missing: merged(this.#arrangement.missing, arriving.missing, moved, byNumber),
    };
  }
}

const byNumber = (a: number, b: number): number => a - b;

/** Two ordered lists as one, without those of the first that have moved. */
function merged(
  staying: Int32Array,
  arriving: Int32Array,
  moved: Uint8Array,
  compare: (a: number, b: number) => number,
): Int32Array {
  const result = new Int32Array(staying.length + arriving.length);
  let length = 0;
  let next = 0;
  for (const number of staying) {
    if (moved[number] === 1) continue;
    while (next < arriving.length && compare(arriving[next]!, number) < 0)
      result[length++] = arriving[next++]!;
    result[length++] = number;
  }
  while (next < arriving.length) result[length++] = arriving[next++]!;
  return result.subarray(0, length);
}

/** How many items at the start of a list pass a test that, once failed, fails for all that follow. */
export function countWhile(items: Int32Array, passes: (item: number) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
