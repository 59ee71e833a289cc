import { follow } from './follow.ts';

/** Where a reader of logs stands: for each log, the number of the last entry that it has. Numbers only grow. */
export type Position = readonly number[];

/** What comes after a position; `value` is null where the entries up to `position` are of no interest. */
export interface Step<T> {
  readonly position: Position;
  readonly value: T | null;
  /** Whether nothing came after it when it was read, and something may yet. Absent: not known. */
  readonly isNewest?: boolean;
}

export interface LogSource<T> {
  /** Calls `wake` at every change; returns the function that ends that. */
  watch(wake: () => void): () => void;
  /** The entries after a position, not beyond `upTo` if given; some of them if they are many, null if there are none. */
  read(after: Position, upTo: Position | null): Promise<Step<T> | null>;
  /** Whether nothing more will be written. */
  isDone(): boolean;
  /** The pace of values; what is written in between is read together. See FollowSource. */
  readonly minIntervalMs?: number;
  /** Whether a value says all that those before it did, so that one who is behind needs but the newest. */
  readonly onlyNewest?: boolean;
}

/** A subscription to logs from a position on. Equal ones can be read together: see SharedStreams. */
export class FollowedLog<T> implements AsyncIterable<T> {
  readonly source: LogSource<T>;
  /** Where it begins, with what is told before anything is read. */
  readonly start: Step<T>;
  /** The end of the logs when it began. */
  readonly newest: Position;

  constructor(source: LogSource<T>, start: Step<T>, newest: Position) {
    this.source = source;
    this.start = start;
    this.newest = newest;
  }

  /** The values, read for this subscription alone. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    const { source } = this;
    let { position, value: first } = this.start;
    let isAtEnd = false;
    return follow<T>({
      watch: (wake) => source.watch(wake),
      isAtEnd: () => isAtEnd,
      isDone: () => source.isDone(),
      minIntervalMs: source.minIntervalMs ?? 0,
      async read() {
        const value = first;
        first = null;
        if (value !== null) return value;
        for (;;) {
          const step = await source.read(position, null);
          if (step === null) return null;
          position = step.position;
          isAtEnd = step.isNewest ?? false;
          if (step.value === null && isAtEnd) return null;
          if (step.value !== null) return step.value;
        }
      },
    });
  }
}

/** Whether nothing up to `to` is missing at `position`. */
export function hasReached(position: Position, to: Position): boolean {
  return position.every((number, i) => number >= to[i]!);
}

export function isSamePosition(a: Position, b: Position): boolean {
  return a === b || a.every((number, i) => number === b[i]);
}
