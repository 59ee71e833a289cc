const maxBackoffMs = 5000;
const firstBackoffMs = 100;

/** How long to wait after so many failures in a row (1, 2, ...): doubled each time, and half of it by chance. */
export function backoffMs(failures: number): number {
  const longest = Math.min(maxBackoffMs, firstBackoffMs * 2 ** Math.min(failures - 1, 20));
  return longest * (0.5 + 0.5 * Math.random());
}

/** Rejects with the signal's reason when that is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const wake = (): void => {
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

export interface RetryOptions {
  readonly isPassing: (error: unknown) => boolean;
  /** No attempt begins later than this after the first. */
  readonly forMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What `run` gives; tried again with growing waits while it fails with a passing error. */
export async function retry<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  const startedAt = Date.now();
  for (let failures = 1; ; failures++) {
    try {
      return await run();
    } catch (error) {
      const waitMs = backoffMs(failures);
      const isLate = Date.now() + waitMs - startedAt > options.forMs;
      if (isLate || options.signal?.aborted || !options.isPassing(error)) throw error;
      await sleep(waitMs, options.signal);
    }
  }
}
