/** How a follower learns that there may be something new to read. */
export interface FollowSource<T> {
  /** Calls `wake` at every change; returns the function that ends that. */
  watch(wake: () => void): () => void;
  /** The next value, or null when there is none yet. Called again after each value and each wake. */
  read(): Promise<T | null>;
  /** Whether there will never be another value. */
  isDone?(): boolean;
  /** The least time between two values; changes in between are read together. */
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
  let lastValueAt = Number.NEGATIVE_INFINITY;
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
      const waitMs = lastValueAt + minIntervalMs - performance.now();
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
        while (!closed) {
          woken = false;
          const value = await source.read();
          if (closed) break;
          if (value !== null) {
            lastValueAt = performance.now();
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
