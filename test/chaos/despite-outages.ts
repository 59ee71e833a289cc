import { setTimeout as sleep } from 'node:timers/promises';
import { NetworkError, TrialgraphError } from '../../src/client/index.ts';

/** So long nothing of the test stands still, whatever happens to its server. */
export const patienceMs = 120_000;

/** Does again what no server has answered, or one without its database. */
export async function despiteOutages<T>(run: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    try {
      return await run();
    } catch (error) {
      const isPassing =
        error instanceof NetworkError ||
        (error instanceof TrialgraphError && ['UNAVAILABLE', 'TOO_BUSY'].includes(error.code));
      if (!isPassing || Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}
