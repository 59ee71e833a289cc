import { dirname } from 'node:path';
import pino from 'pino';
import { afterAll } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Engine } from '../../src/execution/engine.ts';
import { createGraphqlContext } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { archiveRoutes } from '../../src/server/archives.ts';
import { artifactRoutes } from '../../src/server/artifacts.ts';
import { schemaRoutes } from '../../src/server/schemas.ts';
import { type RunningServer, type ServerConfig, startServer } from '../../src/server/server.ts';

/** The real API over an engine, on a free port; closed after the tests of the caller. */
export async function startApi(
  engine: Engine,
  overrides: Partial<ServerConfig> = {},
): Promise<RunningServer> {
  const defaults = await loadConfig({ cwd: dirname(import.meta.filename), env: {} });
  const server = await startServer({
    config: { ...defaults, port: 0, shutdownSeconds: 2, ...overrides },
    schema,
    logger: pino({ level: 'silent' }),
    createContext: ({ viewer }) => createGraphqlContext(viewer, engine),
    routes: [artifactRoutes(engine.artifacts), archiveRoutes(engine.archives, defaults.limits), schemaRoutes],
    trialTokens: engine.trialTokens,
    checkDatabase: async () => {},
  });
  afterAll(() => server.close());
  return server;
}
