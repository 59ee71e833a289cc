import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger as PinoLogger } from 'pino';
import { forbiddenToTrial } from '../core/trial-grant.ts';
import { type Access, bearerToken, createAccess, type TrialTokenSource } from './access.ts';
import { serveDashboardFiles } from './dashboard.ts';
import { createErrorFormatter } from './format-error.ts';
import { serveGraphiqlFiles } from './graphiql.ts';
import { serveHealth } from './health.ts';
import { answerErrors } from './http-errors.ts';
import { KnownDocuments } from './known-documents.ts';
import { listen, urlOf } from './listen.ts';
import type { OperationLimits } from './operation-limits.ts';
import { type CreateContext, Operations } from './operations.ts';
import { limitRequestTimes } from './request-times.ts';
import { createApollo } from './transports/apollo.ts';
import { EventStreams } from './transports/event-stream.ts';
import { graphqlRoutes } from './transports/graphql-routes.ts';
import { PlainPosts } from './transports/plain-posts.ts';
import { serveWebSocket } from './transports/websocket.ts';
import { watchUnusedConnections } from './unused-connections.ts';

/** The settings that the server needs; the program's configuration has them all. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  readonly portFallback: boolean;
  /** Required of every client; without one, only this machine is served. */
  readonly token?: string | undefined;
  readonly shutdownSeconds: number;
  readonly limits: OperationLimits & {
    readonly bodyBytes: number;
    readonly messageBytes: number;
    readonly batch: number;
    readonly subscriptionsPerSocket: number;
  };
}

export interface ServerOptions {
  readonly config: ServerConfig;
  readonly schema: GraphQLSchema;
  readonly createContext: CreateContext;
  readonly logger: PinoLogger;
  /** The tokens of programs that trials run. */
  readonly trialTokens?: TrialTokenSource;
  /** More that is served over HTTP; access is checked before. */
  readonly routes?: readonly FastifyPluginAsync[];
  /** For /health; rejects when the database cannot be reached. */
  readonly checkDatabase: () => Promise<unknown>;
}

export interface RunningServer {
  /** Such as http://127.0.0.1:4000, without a path. */
  readonly url: string;
  readonly address: AddressInfo;
  /**
   * Stops accepting, ends subscriptions so that their clients connect again, and waits for requests in progress; cuts
   * off what is left after `shutdownSeconds`.
   */
  close(): Promise<void>;
}

const graphqlPath = '/graphql';
/** The largest body of an operation still fits through 0.5 Mbit/s. */
const requestTimes = { wholeMs: 300_000, stalledMs: 60_000 };

/** Serves a GraphQL schema over HTTP, WebSocket and SSE, with the dashboard, GraphiQL and /health beside it. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, schema, createContext, logger, checkDatabase } = options;
  const { limits } = config;
  const formatError = createErrorFormatter(logger);
  const access = createAccess(config.token, options.trialTokens);
  const documents = new KnownDocuments();
  const operations = new Operations({ schema, limits, createContext, formatError, documents });
  const streams = new EventStreams(operations, formatError);
  const apollo = createApollo({ schema, limits, formatError, documents, logger });
  await apollo.start();

  const plainPosts = new PlainPosts({
    path: graphqlPath,
    bodyBytes: limits.bodyBytes,
    requestTimes,
    access,
    operations,
    formatError,
    logger,
  });

  const server = Fastify({
    serverFactory: (listener, fastifyOptions) =>
      createHttpServer(plainPosts.before(listener), fastifyOptions),
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // Nothing that is logged of a request needs a logger of its own.
    childLoggerFactory: (serverLogger) => serverLogger,
    bodyLimit: limits.bodyBytes,
  });
  limitRequestTimes(server, requestTimes);
  logRequests(server);
  answerErrors(server, { formatError, bodyBytes: limits.bodyBytes });
  serveHealth(server, { checkDatabase, logger });
  await serveGraphiqlFiles(server);
  await serveDashboardFiles(server);

  await server.register(graphqlRoutes, {
    path: graphqlPath,
    limits,
    access,
    apollo,
    plainPosts,
    operations,
    streams,
    createContext,
  });

  await server.register(async (guarded) => {
    requireAccess(guarded, access);
    for (const routes of options.routes ?? []) await guarded.register(routes);
  });

  const webSockets = serveWebSocket(server.server, {
    path: graphqlPath,
    access,
    operations,
    formatError,
    logger,
    limits,
  });
  const cutOffUnused = watchUnusedConnections(server.server);

  const shutDown = async (): Promise<void> => {
    const cutOff = setTimeout(() => {
      webSockets.terminate();
      server.server.closeAllConnections();
    }, config.shutdownSeconds * 1000);
    try {
      plainPosts.close();
      streams.close();
      cutOffUnused();
      await Promise.all([webSockets.close(), server.close()]);
      await apollo.stop();
    } finally {
      clearTimeout(cutOff);
    }
  };

  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= shutDown();
    return closing;
  };
  // Connections that only become idle later would hold up the end.
  server.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });

  try {
    const address = await listen(server, config);
    return { url: urlOf(address), address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The server that Fastify would make. */
function createHttpServer(listener: RequestListener, { keepAliveTimeout }: FastifyServerOptions): Server {
  const server = createServer(listener);
  if (keepAliveTimeout !== undefined) server.keepAliveTimeout = keepAliveTimeout;
  server.requestTimeout = 0;
  return server;
}

function requireAccess(server: FastifyInstance, access: Access): void {
  server.decorateRequest('viewer', null);
  server.addHook('onRequest', async (request) => {
    const { headers, routeOptions } = request;
    access.checkSender(headers);
    request.viewer = access.admit(bearerToken(headers.authorization));
    const { trial } = request.viewer;
    if (trial !== undefined && routeOptions.config?.forTrials !== true) throw forbiddenToTrial(trial);
  });
}

function logRequests(server: FastifyInstance): void {
  server.addHook('onResponse', async (request, reply) => {
    const { method, url, log } = request;
    // The search part may hold a whole operation with its variables.
    const fields = {
      method,
      path: url.split('?')[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    log[reply.statusCode >= 500 ? 'warn' : 'debug'](fields, 'Request');
  });
}
