import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../core/logger.ts';

export interface HealthOptions {
  /** Rejects when the database cannot be reached. */
  readonly checkDatabase: () => Promise<unknown>;
  readonly logger: Logger;
}

const timeoutMs = 3000;
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Answers GET /health: 200 while the server can do its work, else 503. Anybody may ask. */
export function serveHealth(server: FastifyInstance, { checkDatabase, logger }: HealthOptions): void {
  const startedAt = performance.now();
  // All who ask at the same time share one check.
  let check: Promise<boolean> | null = null;

  const isDatabaseUp = async (): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`The database did not answer within ${timeoutMs} ms.`)),
        timeoutMs,
      );
    });
    try {
      await Promise.race([checkDatabase(), timeout]);
      return true;
    } catch (error) {
      logger.warn({ err: error }, 'The database cannot be reached');
      return false;
    } finally {
      clearTimeout(timer);
      check = null;
    }
  };

  server.get('/health', async (_request, reply) => {
    check ??= isDatabaseUp();
    const database = await check;
    const uptimeSeconds = Math.round((performance.now() - startedAt) / 1000);
    return reply
      .code(database ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: database ? 'ok' : 'unavailable', version, uptimeSeconds, database });
  });
}
