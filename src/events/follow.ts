/** How a follower learns that there may be something new to read. */
export interface FollowSource<T> {
  /** Calls `wake` at every change; returns the function that ends that. */
  watch(wake: () => void): () => void;
  /** The next value, or null when there is none yet. Called again after each value and each wake. */
  read(): Promise<T | null>;
  /** Whether the last value was the newest when it was read; if so, the next read waits for a wake. Absent: not known. */
  isAtEnd?(): boolean;
  /** Whether there will never be another value. */
  isDone?(): boolean;
  /**
   * The pace of values: changes in between are read together. One that came late does not delay those after it, so
   * that changes at this very pace come one by one: a value may follow the next sooner, by half the interval at most.
   */
  minIntervalMs?: number;
}

/**
 * An endless iterator over what a source has to tell. It reads only when asked for the next value, so a slow consumer
 * costs nothing and misses nothing. Unlike an async generator, `return` takes effect at once while it waits.
 */
export function follow<T>(source: FollowSource<T>): AsyncIterableIterator<T, undefined> {
  const minIntervalMs = source.minIntervalMs ?? 0;
  let woken = false;
  let closed = false;
  let hasValue = false;
  /** When the next value may be read. */
  let dueAt = Number.NEGATIVE_INFINITY;
  let resume: (() => void) | null = null;

  const wake = (): void => {
    woken = true;
    resume?.();
  };
  const unwatch = source.watch(wake);

  const untilWoken = (): Promise<void> =>
    new Promise((resolve) => {
      if (woken || closed) return resolve();
      resume = resolve;
    });
  const untilDue = (): Promise<void> =>
    new Promise((resolve) => {
      const waitMs = dueAt - performance.now();
      if (waitMs <= 0 || closed) return resolve();
      const timer = setTimeout(resolve, waitMs);
      resume = () => {
        if (!closed) return;
        clearTimeout(timer);
        resolve();
      };
    });

  const close = (): void => {
    if (closed) return;
    closed = true;
    unwatch();
    resume?.();
  };

  const end = { done: true, value: undefined } as const;
  return {
    async next() {
      try {
        await untilDue();
        if (hasValue && source.isAtEnd?.() === true) await untilWoken();
        while (!closed) {
          woken = false;
          const value = await source.read();
          if (closed) break;
          if (value !== null) {
            hasValue = true;
            const now = performance.now();
            dueAt = (now - dueAt < minIntervalMs / 2 ? dueAt : now) + minIntervalMs;
            return { done: false, value };
          }
          if (source.isDone?.() === true) break;
          await untilWoken();
        }
      } catch (error) {
        close();
        throw error;
      }
      close();
      return end;
    },
    async return() {
      close();
      return end;
    },
    async throw(error) {
      close();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
