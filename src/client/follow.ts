import type { ExecutionResult } from 'graphql';
import { isPassing, NetworkError, type ResponseError, TrialgraphError } from './errors.ts';
import { Inbox } from './inbox.ts';
import type { SocketTransport } from './socket-transport.ts';
import type { TypedDocument } from './typed-document.ts';

export interface FollowOptions<Result> {
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The position of a result: after a break the subscription goes on with it in the variable `after`. Absent: it
   * starts again as it first did.
   */
  readonly cursorOf?: ((result: Result) => string) | undefined;
}

/** Results that may wait for a slow taker; beyond, the subscription ends and goes on from its cursor later. */
const maxWaiting = 1000;

/**
 * The results of a subscription, which outlives its connection: it starts again after a break, at once or when the
 * server is back, until it is ended by `break`, the signal, the server's end of the stream, or an error.
 * @throws TrialgraphError what the server answered
 * @throws NetworkError when the connection was refused for good
 */
export function follow<Result, Variables extends object>(
  socket: SocketTransport,
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  { signal, cursorOf }: FollowOptions<Result>,
): AsyncIterableIterator<Result, void> {
  const stop = new AbortController();
  const ended = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const results = followUntil(ended, socket, document, variables, cursorOf);
  return {
    next: () => results.next(),
    // A generator alone would end only after the result that it waits for.
    return: () => {
      stop.abort();
      return results.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** What `convert` makes of each item. */
export function mapped<T, U>(
  source: AsyncIterableIterator<T, void>,
  convert: (item: T) => U,
): AsyncIterableIterator<U, void> {
  return {
    async next() {
      const { done, value } = await source.next();
      return done ? { done, value } : { done: false, value: convert(value) };
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* followUntil<Result, Variables extends object>(
  ended: AbortSignal,
  socket: SocketTransport,
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  cursorOf: FollowOptions<Result>['cursorOf'],
): AsyncGenerator<Result, void> {
  let position: { readonly after?: string } = {};
  const payload = {
    query: document.toString(),
    // Read at every start, also at one that graphql-ws makes by itself after a normal closure.
    get variables(): Record<string, unknown> {
      return { ...variables, ...position };
    },
  };
  while (!ended.aborted) {
    let hadResults = false;
    const inbox = new Inbox<Result>();
    const unsubscribe = socket.subscribe(payload, {
      next: ({ data, errors }: ExecutionResult) => {
        if (errors !== undefined) return inbox.fail(TrialgraphError.from(errors));
        const result = data as Result;
        hadResults = true;
        if (cursorOf) position = { after: cursorOf(result) };
        inbox.push(result);
        if (inbox.size < maxWaiting) return;
        inbox.fail(new Overflow());
        unsubscribe();
      },
      error: (error) => inbox.fail(failureOf(error)),
      complete: () => inbox.end(),
    });
    const end = (): void => inbox.end();
    ended.addEventListener('abort', end);
    try {
      for (;;) {
        const next = await inbox.take();
        if (next === undefined || ended.aborted) return;
        yield next.item;
      }
    } catch (error) {
      if (error instanceof Overflow) continue;
      if (!isPassing(error)) throw error;
    } finally {
      ended.removeEventListener('abort', end);
      unsubscribe();
    }
    try {
      await socket.waitToReconnect(hadResults, ended);
    } catch (error) {
      if (ended.aborted) return;
      throw error;
    }
  }
}

class Overflow extends Error {}

/** Close codes after which trying again would only end the same way. */
const finalCloseCodes: Readonly<Record<number, string>> = {
  1008: 'FORBIDDEN', // policy violation
  1009: 'TOO_LARGE', // message too big
  4400: 'BAD_REQUEST',
  4401: 'UNAUTHENTICATED',
  4403: 'FORBIDDEN',
  4406: 'BAD_REQUEST', // no common subprotocol
};

/** graphql-ws gives the server's errors, the event of a closed socket, or what went wrong in connecting. */
function failureOf(error: unknown): Error {
  if (Array.isArray(error)) return TrialgraphError.from(error as ResponseError[]);
  const { code, reason, message } = (error ?? {}) as { code?: unknown; reason?: unknown; message?: unknown };
  if (typeof code !== 'number') {
    const why = typeof message === 'string' && message !== '' ? `: ${message}` : '';
    return new NetworkError(`The WebSocket failed${why}.`, { cause: error });
  }
  const final = finalCloseCodes[code];
  if (final === undefined) return new NetworkError(`The WebSocket was closed (${code}).`, { cause: error });
  // The server's reason begins with its own code, as in "UNAUTHENTICATED: ...".
  const [, name, text] = /^([A-Z_]+): (.*)$/s.exec(String(reason)) ?? [null, final, String(reason)];
  return new TrialgraphError(name!, text || `The server closed the connection with code ${code}.`);
}
