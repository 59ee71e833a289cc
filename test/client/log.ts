/** A log with numbered entries that can be read from any position, then followed. */
export class Log<T> {
  readonly entries: T[] = [];
  readonly #readers = new Set<() => void>();

  append(...entries: readonly T[]): void {
    this.entries.push(...entries);
    for (const wake of this.#readers) wake();
  }

  /** The entries after `position` one by one, with their numbers from 1 on; goes on for ever. */
  follow(position: number): AsyncIterableIterator<{ readonly number: number; readonly entry: T }, void> {
    let next = position;
    let isOver = false;
    let wake = (): void => {};
    const listener = (): void => wake();
    this.#readers.add(listener);
    return {
      next: async () => {
        while (!isOver && next >= this.entries.length)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        if (isOver) return { done: true, value: undefined };
        next += 1;
        return { value: { number: next, entry: this.entries[next - 1]! } };
      },
      return: async () => {
        isOver = true;
        this.#readers.delete(listener);
        wake();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
