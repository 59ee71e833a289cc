import { startApplication } from '../application.ts';
import { loadConfig } from '../config.ts';
import { createLogger } from '../server/logger.ts';
import { onStopSignal } from './stop-signal.ts';

export interface ServeOptions {
  readonly host?: string;
  readonly port?: number;
  readonly portFallback?: boolean;
  readonly dataDir?: string;
  readonly backend?: string;
  readonly slots?: number;
}

/** Runs the server until it is told to stop. */
export async function serve(options: ServeOptions): Promise<void> {
  const config = await loadConfig({ cwd: process.cwd(), env: process.env, overrides: options });
  const logger = createLogger({ level: config.logLevel, format: config.logFormat });
  const application = await startApplication(config, logger);
  logger.info(
    { url: application.url, graphiql: `${application.url}/graphql`, health: `${application.url}/health` },
    `listening on ${application.url}`,
  );
  // A parent process, such as the demo, waits for this.
  if (process.connected) process.send!({ url: application.url });
  onStopSignal(async (signal) => {
    logger.info({ signal }, 'stopping; trials that run go back to the queue');
    await application.close();
  });
}
