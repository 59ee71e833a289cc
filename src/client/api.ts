import { isOutage, isPassing } from './errors.ts';
import { type FollowOptions, follow } from './follow.ts';
import { type HttpOptions, HttpTransport } from './http-transport.ts';
import { retry } from './retry.ts';
import { type SocketOptions, SocketTransport } from './socket-transport.ts';
import type { TypedDocument } from './typed-document.ts';

export interface ApiOptions {
  readonly http: HttpOptions;
  readonly socket: SocketOptions;
  /** For how long an operation that may be repeated is tried again while the server is away. */
  readonly retryForMs: number;
}

/** Runs operations: queries and mutations over HTTP, subscriptions over WebSocket. */
export class Api {
  readonly #http: HttpTransport;
  readonly #socket: SocketTransport;
  readonly #retryForMs: number;
  readonly #closed = new AbortController();

  constructor(options: ApiOptions) {
    this.#http = new HttpTransport(options.http);
    this.#socket = new SocketTransport(options.socket);
    this.#retryForMs = options.retryForMs;
  }

  /** Runs a query, again and again while the server is away. */
  query<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Result> {
    return this.retry(() => this.#http.execute(document, variables, signal), isOutage, signal);
  }

  /** Runs a mutation once: whether a lost answer means a lost mutation, only the caller can find out. */
  mutate<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Result> {
    return this.#http.execute(document, variables, signal);
  }

  /** Runs a mutation that may be repeated, again and again while the server is away or out of order. */
  mutateIdempotently<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    return this.retry(() => this.#http.execute(document, variables), isPassing);
  }

  /** Sends a request that may be repeated for a path of the server, again and again while that is away. */
  request(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
    return this.retry(() => this.#http.request(path, init, signal), isPassing, signal);
  }

  retry<T>(run: () => Promise<T>, passes: (error: unknown) => boolean, signal?: AbortSignal): Promise<T> {
    return retry(run, { isPassing: passes, forMs: this.#retryForMs, signal });
  }

  follow<Result, Variables extends object>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    { signal, cursorOf }: FollowOptions<Result> = {},
  ): AsyncIterableIterator<Result, void> {
    const closed = this.#closed.signal;
    const ended = signal === undefined ? closed : AbortSignal.any([signal, closed]);
    return follow(this.#socket, document, variables, { signal: ended, cursorOf });
  }

  /** Ends all subscriptions and the connection. */
  close(): void {
    this.#closed.abort();
    this.#socket.close();
  }
}
