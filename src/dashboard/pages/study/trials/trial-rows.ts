import { Store } from '../../../live/store.ts';
import type { TrialRow } from '../../../operations/trials.ts';

export interface TrialsPart {
  readonly trials: readonly TrialRow[];
  readonly totalCount: number;
}

/** Reads so many trials from a position of the list on. */
export type ReadTrials = (offset: number, first: number) => Promise<TrialsPart>;

interface RowPage {
  readonly rows: readonly TrialRow[];
  isStale: boolean;
}

const pageSize = 100;
/** One request brings so many pages at most. */
const maxPages = 4;
/** Beyond, those that lie farthest from what is looked at are forgotten. */
const maxKeptPages = 100;

/**
 * A long list, of which only what is looked at is read, in any order of places. What has become stale stays in sight
 * until it is read again.
 */
export class TrialRows {
  /** Grows with every change. */
  readonly version = new Store(0);
  readonly error = new Store<Error | null>(null);
  readonly #read: ReadTrials;
  readonly #onShift: (rows: number) => void;
  #pages = new Map<number, RowPage>();
  #totalCount: number | null = null;
  #first = 0;
  #last = pageSize - 1;
  #isReading = false;

  /**
   * @param onShift told by how many places the first row that is looked at has moved when the list was read again, so
   * that the view can go with it
   */
  constructor(read: ReadTrials, onShift: (rows: number) => void) {
    this.#read = read;
    this.#onShift = onShift;
  }

  /** Null until it is known. */
  get totalCount(): number | null {
    return this.#totalCount;
  }

  /** Undefined where it is not there yet. */
  row(index: number): TrialRow | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.rows[index % pageSize];
  }

  /** Says what is looked at: what of it is missing or stale is read. */
  look(first: number, last: number): void {
    this.#first = Math.max(0, first);
    this.#last = Math.max(this.#first, last);
    void this.#readMore();
  }

  /** What changed without the list: shown at once. */
  replace(trials: readonly Partial<TrialRow>[]): void {
    const byId = new Map(trials.map((trial) => [trial.id, trial]));
    let isChanged = false;
    for (const [number, page] of this.#pages) {
      if (!page.rows.some(({ id }) => byId.has(id))) continue;
      const rows = page.rows.map((row) => ({ ...row, ...byId.get(row.id) }));
      this.#pages.set(number, {
        ...page,
        rows: rows.map((row, i) => (byId.has(row.id) ? row : page.rows[i]!)),
      });
      isChanged = true;
    }
    if (isChanged) this.#changed();
  }

  /** Says that all may have changed. Resolves when what is looked at was read again. */
  async expire(): Promise<void> {
    for (const page of this.#pages.values()) page.isStale = true;
    await this.#readMore();
  }

  /** One request at a time, so that fast scrolling asks only for where it comes to rest. */
  async #readMore(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      for (;;) {
        const wanted = this.#wanted();
        if (wanted === null) break;
        this.#take(wanted.first, await this.#read(wanted.first * pageSize, wanted.count * pageSize));
      }
      this.error.set(null);
    } catch (error) {
      this.error.set(error as Error);
    } finally {
      this.#isReading = false;
    }
  }

  /** The pages that are to be read: from the first that is missing or stale to the last. */
  #wanted(): { first: number; count: number } | null {
    // Of a list that has become shorter, or empty, its new end is looked at: it may grow again.
    const end = Math.max(0, Math.min(this.#last, (this.#totalCount ?? Number.POSITIVE_INFINITY) - 1));
    const start = Math.min(this.#first, end);
    const numbers: number[] = [];
    for (let page = Math.floor(start / pageSize); page <= Math.floor(end / pageSize); page++) {
      if (this.#pages.get(page)?.isStale !== false) numbers.push(page);
    }
    if (numbers.length === 0) return null;
    const first = numbers[0]!;
    return { first, count: Math.min(maxPages, numbers.at(-1)! - first + 1) };
  }

  #take(firstPage: number, { trials, totalCount }: TrialsPart): void {
    const anchor = this.row(this.#first);
    const isSameList = this.#totalCount !== null;
    this.#totalCount = totalCount;
    const pageCount = Math.max(1, Math.ceil(trials.length / pageSize));
    for (let i = 0; i < pageCount; i++) {
      const rows = trials.slice(i * pageSize, (i + 1) * pageSize);
      this.#pages.set(firstPage + i, { rows, isStale: false });
    }
    this.#forget();
    this.#changed();
    const place = trials.findIndex(({ id }) => id === anchor?.id);
    if (!isSameList || place < 0 || this.#first === 0) return;
    const moved = firstPage * pageSize + place - this.#first;
    if (moved !== 0) this.#onShift(moved);
  }

  #forget(): void {
    if (this.#pages.size <= maxKeptPages) return;
    const middle = (this.#first + this.#last) / 2 / pageSize;
    const byDistance = [...this.#pages.keys()].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
    for (const page of byDistance.slice(maxKeptPages)) this.#pages.delete(page);
  }

  #changed(): void {
    this.version.set(this.version.get() + 1);
  }
}
