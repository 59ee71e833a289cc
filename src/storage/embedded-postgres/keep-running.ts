import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../core/logger.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded-postgres.ts';

const retryMs = 1000;

/**
 * Starts an embedded PostgreSQL, and starts it again whenever it ends without being stopped: killed by hand or for want
 * of memory. Its address stays the same; connections to it break and are made anew.
 *
 * @throws StorageStartError when the first start fails; later ones are tried until one works.
 */
export async function keepPostgresRunning(
  options: EmbeddedPostgresOptions,
  log?: Logger,
): Promise<Pick<EmbeddedPostgres, 'connection' | 'stop'>> {
  const stopping = new AbortController();
  let server = await startEmbeddedPostgres(options);
  const { connection } = server;

  const startAgain = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        server = await startEmbeddedPostgres(options);
        return log?.warn({ pid: server.pid }, 'PostgreSQL runs again');
      } catch (error) {
        log?.error({ err: error }, 'PostgreSQL could not be started again; trying again');
        await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };
  const keep = async (): Promise<void> => {
    for (;;) {
      const how = await server.ended;
      if (stopping.signal.aborted) return;
      log?.error({ how }, 'PostgreSQL is gone; starting it again');
      await startAgain();
      // One that has come up meanwhile is nobody's any more.
      if (stopping.signal.aborted) return server.stop();
    }
  };
  const keeping = keep();

  return {
    connection,
    stop: async () => {
      stopping.abort();
      await server.stop();
      await keeping;
    },
  };
}
