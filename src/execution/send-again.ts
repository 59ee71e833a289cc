import { setTimeout as sleep } from 'node:timers/promises';
import { CallerError } from '../core/errors.ts';
import { isOutage } from '../storage/outage.ts';

const retryDelaysMs = [100, 500, 2000, 5000];
/** A database that recovers from a crash may take as long; only then is the work of a trial given up. */
const outageRetries = 15;

/** What `send` gives; tried again a few times while it fails for a passing reason, and for a minute of an outage. */
export async function sendAgain<T>(send: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await send();
    } catch (error) {
      const isFinal = error instanceof CallerError && error.code !== 'TOO_BUSY';
      const retries = isOutage(error) ? outageRetries : retryDelaysMs.length;
      if (isFinal || failures >= retries) throw error;
      await sleep(retryDelaysMs[failures] ?? retryDelaysMs.at(-1)!);
    }
  }
}
