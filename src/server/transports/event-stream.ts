import type { ServerResponse } from 'node:http';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import type { Outlet } from '../../events/delivery.ts';
import { type ErrorFormatter, formatResult } from '../format-error.ts';
import { asGraphQLError, isDelivery, type Operations } from '../operations.ts';

const keepAliveIntervalMs = 12_000;
/** A connection that takes no byte for so long, not even those that keep it alive, is taken for dead. */
const stalledMs = 60_000;

const head = Buffer.from('event: next\ndata: ');
const tail = Buffer.from('\n\n');

/**
 * Answers with server-sent events, by the "distinct connections mode" of the GraphQL over SSE protocol: one operation
 * a connection, an event `next` for each result and `complete` at the end. (graphql-sse's own handler takes results from
 * the subscription as fast as they come and keeps what the client has not read in memory.)
 */
export class EventStreams {
  readonly #operations: Operations;
  readonly #formatError: ErrorFormatter;
  readonly #open = new Set<ServerResponse>();
  #isClosed = false;

  constructor(operations: Operations, formatError: ErrorFormatter) {
    this.#operations = operations;
    this.#formatError = formatError;
  }

  /** Sends what the operation gives, or why it was refused. Resolves when the stream has ended. */
  async send(prepared: ExecutionArgs | readonly GraphQLError[], response: ServerResponse): Promise<void> {
    if (this.#isClosed) {
      response.destroy();
      return;
    }
    this.#open.add(response);
    response.once('close', () => this.#open.delete(response));
    response.setTimeout(stalledMs);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
    // Some browsers tell the page that the stream is open only when they see a first byte.
    response.write(':\n\n');
    const keepAlive = setInterval(() => {
      if (!response.writableNeedDrain) response.write(':\n\n');
    }, keepAliveIntervalMs);
    try {
      await this.#sendResults(prepared, response);
      if (!response.writableEnded) response.end('event: complete\ndata:\n\n');
    } finally {
      clearInterval(keepAlive);
      if (!response.writableEnded) response.destroy();
    }
  }

  /** Ends every stream without the event `complete`, upon which clients connect again. */
  close(): void {
    this.#isClosed = true;
    for (const response of this.#open) response.end();
  }

  async #sendResults(
    prepared: ExecutionArgs | readonly GraphQLError[],
    response: ServerResponse,
  ): Promise<void> {
    const outlet = outletOf(response);
    const send = (result: ExecutionResult): void =>
      outlet.send(Buffer.from(JSON.stringify(formatResult(result, this.#formatError))));
    if (Array.isArray(prepared)) return send({ errors: prepared });
    const args = prepared as ExecutionArgs;
    const operation = getOperationAST(args.document, args.operationName);
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) {
      return send(await this.#operations.execute(args));
    }
    const results = await this.#operations.subscribe(args);
    if (!isDelivery(results)) return send(results);
    // The client may leave while the subscription waits for its next event.
    const stop = (): void => results.stop();
    response.once('close', stop);
    if (response.destroyed) stop();
    try {
      await results.sendTo(outlet);
    } catch (error) {
      send({ errors: [asGraphQLError(error)] });
    } finally {
      response.off('close', stop);
    }
  }
}

/** Ready means that no more waits to be sent than Node's buffer of a connection takes at ease, 16 KiB. */
function outletOf(response: ServerResponse): Outlet {
  return {
    get isReady() {
      return !response.writableNeedDrain;
    },
    untilReady: () =>
      new Promise((resolve) => {
        if (!response.writableNeedDrain) return resolve();
        const proceed = (): void => {
          response.off('drain', proceed).off('close', proceed);
          resolve();
        };
        response.on('drain', proceed).on('close', proceed);
      }),
    send(json) {
      if (response.writableEnded || response.destroyed) return;
      // In parts, so that what a client has not read is kept once for all.
      response.write(head);
      response.write(json);
      response.write(tail);
    },
  };
}
