import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import { type ErrorFormatter, formatResult } from '../format-error.ts';
import { asGraphQLError, type Operations } from '../operations.ts';

const keepAliveIntervalMs = 12_000;
/** A connection that takes no byte for so long, not even those that keep it alive, is taken for dead. */
const stalledMs = 60_000;

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
      for await (const result of this.#results(prepared, response)) {
        if (!(await write(response, `event: next\ndata: ${result}\n\n`))) return;
      }
      response.end('event: complete\ndata:\n\n');
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

  #toJson(result: ExecutionResult): string {
    return JSON.stringify(formatResult(result, this.#formatError));
  }

  async *#results(
    prepared: ExecutionArgs | readonly GraphQLError[],
    response: ServerResponse,
  ): AsyncGenerator<string, void, void> {
    if (Array.isArray(prepared)) {
      yield this.#toJson({ errors: prepared });
      return;
    }
    const args = prepared as ExecutionArgs;
    const operation = getOperationAST(args.document, args.operationName);
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) {
      yield this.#toJson(await this.#operations.execute(args));
      return;
    }
    const results = await this.#operations.subscribe(args);
    if (!(Symbol.asyncIterator in results)) {
      yield this.#toJson(results);
      return;
    }
    // The client may leave while the subscription waits for its next event.
    const stop = () => void results.return?.();
    response.once('close', stop);
    if (response.destroyed) stop();
    try {
      yield* results;
    } catch (error) {
      yield this.#toJson({ errors: [asGraphQLError(error)] });
    } finally {
      response.off('close', stop);
    }
  }
}

/** Resolves when there is room for more; to false where nothing can be written any more. */
async function write(response: ServerResponse, text: string): Promise<boolean> {
  if (response.writableEnded || response.destroyed) return false;
  if (!response.write(text)) {
    const waiting = new AbortController();
    const { signal } = waiting;
    // Whichever comes first ends the wait for the other, which then rejects.
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(
      () => waiting.abort(),
    );
  }
  // A subscription whose results are always at hand would else never let anybody else in.
  await setImmediate();
  return !response.destroyed;
}
