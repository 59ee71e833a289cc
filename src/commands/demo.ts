import { once } from 'node:events';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, NetworkError } from '../client/index.ts';
import { loadConfig } from '../config.ts';
import { type DemoResults, summaryOf } from './demo/demo-results.ts';
import { type DemoServer, startDemoServer } from './demo/demo-server.ts';
import { onInterrupt } from './demo/on-interrupt.ts';
import { resultsText } from './demo/results-text.ts';
import { runStudy, stopEarlierDemos } from './demo/run-study.ts';
import { createOutput, type Output } from './output.ts';

export interface DemoOptions {
  readonly trials: number;
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly port?: number;
  readonly backend?: string;
  readonly dataDir?: string;
}

/** The commands as they are given where this one came from. */
const isNpmScript = process.env.npm_lifecycle_event === 'demo';
const demoCommand = isNpmScript ? 'npm run demo' : 'trialgraph demo';
const serveCommand = isNpmScript ? 'npm start --' : 'trialgraph serve';

/**
 * Starts the server as a process of its own and, as any client would, runs a study on it over HTTP and WebSocket.
 * The exit code is 130 after Ctrl-C, and 1 when no trial completed.
 */
export async function demo(options: DemoOptions): Promise<void> {
  const { port, backend } = options;
  // Standard output is for the JSON alone where that is asked for.
  const output = createOutput(options.json ? process.stderr : process.stdout);
  const { colors, say } = output;
  const interrupted = onInterrupt();

  const config = await loadConfig({ cwd: process.cwd(), env: process.env, overrides: { port, backend } });
  const dataDir = options.dataDir ?? join(config.dataDir, 'demo');
  const shownDir = shortPath(dataDir);
  say(colors.dim(`Starting PostgreSQL and the server; its log is ${join(shownDir, 'server.log')}`));
  const server = await startDemoServer({ dataDir, port, backend });
  const address = `${colors.cyan(server.url)} (the dashboard), GraphiQL at ${colors.cyan(`${server.url}/graphql`)}`;
  const { token } = config;
  const client = createClient({ url: server.url, ...(token !== undefined && { token }), retryForMs: 2_000 });
  try {
    say(`Server ready at ${address}`);
    if (config.databaseUrl === undefined) await stopEarlierDemos(client);
    const { gone } = server;
    const results = interrupted.aborted
      ? null
      : await runStudy(client, output, { trials: options.trials, interrupted, gone });
    if (results !== null) {
      report(results, output);
      if (options.json) process.stdout.write(`${JSON.stringify(summaryOf(results))}\n`);
      if (results.best === null) process.exitCode = 1;
      say(`Stored in ${shownDir}; to run the demo again: ${demoCommand}`);
      if (options.keep) {
        say(`The server stays up at ${address}, until Ctrl-C.`);
        await once(AbortSignal.any([interrupted, gone]), 'abort');
        gone.throwIfAborted();
      } else {
        say(`To look at it: ${serveCommand} --data-dir ${shownDir}, then open http://127.0.0.1:4000`);
      }
    }
  } catch (error) {
    throw await explain(error, server);
  } finally {
    await client.close();
    await server.stop();
  }
  if (interrupted.aborted) process.exitCode = 130;
}

function report(results: DemoResults, { stream, colors, say }: Output): void {
  const { trials, seconds } = results;
  const { completed, pruned, backend } = summaryOf(results);
  say();
  say(
    colors.bold(
      `${trials.length} trials in ${seconds} s on ${backend}: ${completed} completed, ${pruned} pruned`,
    ),
  );
  say();
  say(resultsText(results, stream.columns ?? 100, colors));
  say();
}

/** From the working directory on, where that is above it. */
function shortPath(path: string): string {
  const fromHere = relative('', path);
  return fromHere === '' || fromHere.startsWith('..') ? resolve(path) : fromHere;
}

/** When a request fails because the server has just ended, why it ended is what people need to know. */
async function explain(error: unknown, { gone }: DemoServer): Promise<unknown> {
  if (error instanceof NetworkError && !gone.aborted) await Promise.race([once(gone, 'abort'), sleep(1_000)]);
  return gone.aborted ? gone.reason : error;
}
