import { setTimeout as sleep } from 'node:timers/promises';
import { CallerError } from '../core/errors.ts';

const retryDelaysMs = [100, 500, 2000, 5000];

/** What `send` gives; tried again a few times while it fails for a passing reason. */
export async function sendAgain<T>(send: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await send();
    } catch (error) {
      const isFinal = error instanceof CallerError && error.code !== 'TOO_BUSY';
      const delayMs = retryDelaysMs[failures];
      if (isFinal || delayMs === undefined) throw error;
      await sleep(delayMs);
    }
  }
}
