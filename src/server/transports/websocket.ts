import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { CallerError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { Delivery, Outlet } from '../../events/delivery.ts';
import type { Viewer } from '../../graphql/context.ts';
import { type Access, bearerToken } from '../access.ts';
import { type ErrorFormatter, formatResult } from '../format-error.ts';
import { tooLarge } from '../operation-limits.ts';
import { isDelivery, type Operations } from '../operations.ts';
import { Outbox } from './outbox.ts';

export interface WebSocketOptions {
  readonly path: string;
  readonly access: Access;
  readonly operations: Operations;
  readonly formatError: ErrorFormatter;
  readonly logger: Logger;
  readonly limits: { readonly messageBytes: number; readonly subscriptionsPerSocket: number };
}

export interface WebSocketTransport {
  /** Accepts no more, and ends every connection with 1001 (going away), upon which clients connect again. */
  close(): Promise<void>;
  /** Cuts off the connections that are left. */
  terminate(): void;
}

/** What is known of a connection beside graphql-ws's own context. */
interface Connection {
  readonly socket: WebSocket;
  readonly outbox: Outbox;
  readonly request: IncomingMessage;
  viewer?: Viewer;
}

const initTimeoutMs = 3000;
/** A client that has not answered a ping by the next one is taken for dead. */
const pingIntervalMs = 30_000;

/** Serves GraphQL over WebSocket (subprotocol graphql-transport-ws) on an HTTP server's upgrade requests. */
export function serveWebSocket(server: Server, options: WebSocketOptions): WebSocketTransport {
  const { path, access, operations, formatError, logger, limits } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
  });

  const protocol = makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: initTimeoutMs,
    onConnect({ connectionParams, extra }) {
      try {
        extra.viewer = access.admit(tokenOf(connectionParams, extra.request));
        return true;
      } catch (error) {
        // Clients take 4401 as final, whereas they try again after 4403.
        extra.socket.close(CloseCode.Unauthorized, closeReason(error));
        return false;
      }
    },
    async onSubscribe({ extra, subscriptions }, _id, { query, operationName, variables }) {
      if (Object.keys(subscriptions).length > limits.subscriptionsPerSocket) {
        const what = 'Too many operations are active on this WebSocket';
        const originalError = tooLarge('subscriptionsPerSocket', what, limits.subscriptionsPerSocket);
        return [new GraphQLError(originalError.message, { originalError })];
      }
      return operations.prepare({ query, operationName, variables }, extra.viewer!);
    },
    execute: (args) => operations.execute(args),
    // The results of a subscription are sent past graphql-ws, which would make JSON of each for each client.
    subscribe: (args) => operations.subscribe(args) as Promise<ExecutionResult>,
    onOperation: ({ extra }, id, _payload, _args, result) =>
      isDelivery(result as Delivery | ExecutionResult)
        ? sendingTo(extra.outbox.outletFor(id), result as unknown as Delivery)
        : undefined,
    onNext: (_context, _id, _payload, _args, result) => formatResult(result, formatError),
    onError: (_context, _id, _payload, errors) => errors.map(formatError),
  });

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    socket.on('error', (error) => logger.debug({ err: error }, 'A WebSocket failed'));
    const stopPinging = keepAlive(socket);
    const outbox = new Outbox(socket);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => outbox.send(data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) =>
          socket.on('message', async (data, isBinary) => {
            if (isBinary) return socket.close(1003, 'Send text messages');
            try {
              await handle(textOf(data));
            } catch (error) {
              logger.error({ err: error }, 'Unexpected error in a WebSocket connection');
              socket.close(CloseCode.InternalServerError, 'Internal server error');
            }
          }),
      },
      { socket, outbox, request },
    );
    socket.once('close', (code, reason) => {
      stopPinging();
      closed(code, reason.toString()).catch((error: unknown) => {
        logger.error({ err: error }, 'Ending the subscriptions of a WebSocket failed');
      });
    });
  });

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', (error) => logger.debug({ err: error }, 'A connection failed before its upgrade'));
    if (request.url?.split('?')[0] !== path)
      return refuse(stream, '404 Not Found', `WebSockets are at ${path}.`);
    try {
      access.checkSender(request.headers);
    } catch (error) {
      return refuse(stream, '403 Forbidden', (error as Error).message);
    }
    sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request));
  });

  return {
    close: () =>
      new Promise((resolve) => {
        sockets.close(() => resolve());
        for (const socket of sockets.clients) socket.close(1001, 'Going away');
      }),
    terminate() {
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

/** Sends results until they end, and has none to give to graphql-ws itself, which then tells the client of the end. */
function sendingTo(outlet: Outlet, delivery: Delivery): AsyncIterableIterator<never, undefined> {
  const end = { done: true, value: undefined } as const;
  return {
    async next() {
      await delivery.sendTo(outlet);
      return end;
    },
    async return() {
      delivery.stop();
      return end;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** @returns a function that ends it */
function keepAlive(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingIntervalMs);
  return () => clearInterval(timer);
}

function tokenOf(
  params: Readonly<Record<string, unknown>> = {},
  request: IncomingMessage,
): string | undefined {
  if (typeof params.token === 'string') return params.token;
  return bearerToken(params.authorization ?? params.Authorization ?? request.headers.authorization);
}

/** A close frame has room for 123 bytes. */
function closeReason(error: unknown): string {
  return error instanceof CallerError
    ? `${error.code}: ${error.message}`.slice(0, 120)
    : 'Internal server error';
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : data.toString();
}

function refuse(stream: Duplex, status: string, message: string): void {
  const headers = [
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(message)}`,
  ];
  stream.end([`HTTP/1.1 ${status}`, ...headers, '', message].join('\r\n'));
}
