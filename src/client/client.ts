import { Api } from './api.ts';
import { TrialgraphError } from './errors.ts';
import { type FollowOptions, mapped } from './follow.ts';
import type { Device, QueueEntry, Trainable, Viewer } from './generated.ts';
import * as operations from './generated.ts';
import type { ConnectionState } from './socket-transport.ts';
import { Studies } from './studies.ts';
import { Trial } from './trial.ts';
import type { TypedDocument } from './typed-document.ts';

export interface ClientOptions {
  /** Where the server is; http://127.0.0.1:4000 where absent. */
  readonly url?: string;
  /** The server's access token, where it has one. */
  readonly token?: string;
  /** How requests are sent; the platform's own fetch where absent. */
  readonly fetch?: typeof globalThis.fetch;
  /** How long one request may take; 30,000 where absent. */
  readonly timeoutMs?: number;
  /**
   * For how long queries, reports, heartbeats, tells and other operations that may be repeated are tried again while
   * the server is away; 60,000 where absent.
   */
  readonly retryForMs?: number;
  /** How often in a row a broken subscription is tried again; for ever where absent. */
  readonly reconnectAttempts?: number;
  /**
   * How often the connection of quiet subscriptions is probed; one that does not answer for so long again is replaced.
   * 10,000 where absent.
   */
  readonly keepAliveMs?: number;
  /** Told when the connection of the subscriptions is made, and when it is lost while they go on. */
  readonly onConnection?: (state: ConnectionState) => void;
}

type WithVariables<Variables, Options> =
  Record<never, never> extends Variables
    ? [variables?: Variables, options?: Options]
    : [variables: Variables, options?: Options];

/** A server's studies and trials, and the way to run any other GraphQL operation. */
export class Client {
  readonly #api: Api;
  readonly studies: Studies;

  constructor(options: ClientOptions = {}) {
    const base = new URL(options.url ?? 'http://127.0.0.1:4000');
    const url = new URL(`${base.pathname.replace(/\/$/, '')}/graphql`, base).href;
    const { token } = options;
    this.#api = new Api({
      http: {
        url,
        token,
        fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
        timeoutMs: options.timeoutMs ?? 30_000,
      },
      socket: {
        url: url.replace(/^http/, 'ws'),
        token,
        keepAliveMs: options.keepAliveMs ?? 10_000,
        reconnectAttempts: options.reconnectAttempts ?? Number.POSITIVE_INFINITY,
        onConnection: options.onConnection ?? (() => {}),
      },
      retryForMs: options.retryForMs ?? 60_000,
    });
    this.studies = new Studies(this.#api);
  }

  /**
   * The trial of this id, to look at or to go on with.
   * @throws TrialgraphError NOT_FOUND
   */
  async trial(id: string): Promise<Trial> {
    const { trial } = await this.#api.query(operations.trial, { id });
    if (trial === null)
      throw new TrialgraphError('NOT_FOUND', `There is no trial with the id ${id}.`, { id });
    return new Trial(this.#api, trial);
  }

  /** What the server's own trials can run. */
  async trainables(): Promise<readonly Trainable[]> {
    return (await this.#api.query(operations.trainables, {})).trainables;
  }

  /** What the server's own trials run on. */
  async devices(): Promise<readonly Device[]> {
    return (await this.#api.query(operations.devices, {})).devices;
  }

  /** The devices as they are, and again at every change. */
  watchDevices(
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncIterableIterator<readonly Device[], void> {
    const messages = this.#api.follow(operations.watchDevices, {}, options);
    return mapped(messages, ({ devices }) => devices);
  }

  /** What waits for a device of the server, with the reasons, first what comes first. */
  async queue(): Promise<readonly QueueEntry[]> {
    return (await this.#api.query(operations.queue, {})).queue;
  }

  /** The queue as it is, and again at every change. */
  watchQueue(
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncIterableIterator<readonly QueueEntry[], void> {
    const messages = this.#api.follow(operations.watchQueue, {}, options);
    return mapped(messages, ({ queue }) => queue);
  }

  /** Who the server takes this client for. */
  async viewer(): Promise<Viewer> {
    return (await this.#api.query(operations.viewer, {})).viewer;
  }

  /**
   * Runs a query; tried again while the server is away.
   * @throws TrialgraphError what the server answered
   * @throws NetworkError when it could not be reached for `retryForMs`
   */
  query<Result = unknown, Variables extends object = object>(
    document: TypedDocument<Result, Variables>,
    ...[variables, options]: WithVariables<Variables, { readonly signal?: AbortSignal }>
  ): Promise<Result> {
    return this.#api.query(document, variables ?? ({} as Variables), options?.signal);
  }

  /** Runs a mutation, once. It throws as `query` does; after a NetworkError it may or may not have happened. */
  mutate<Result = unknown, Variables extends object = object>(
    document: TypedDocument<Result, Variables>,
    ...[variables, options]: WithVariables<Variables, { readonly signal?: AbortSignal }>
  ): Promise<Result> {
    return this.#api.mutate(document, variables ?? ({} as Variables), options?.signal);
  }

  /**
   * The results of a subscription, until `break`, the signal, the server's end of it or an error. After a break of the
   * connection it starts again, with `cursorOf` the last result in the variable `after`.
   */
  subscribe<Result = unknown, Variables extends object = object>(
    document: TypedDocument<Result, Variables>,
    ...[variables, options]: WithVariables<Variables, FollowOptions<Result>>
  ): AsyncIterableIterator<Result, void> {
    return this.#api.follow(document, variables ?? ({} as Variables), options);
  }

  /** Ends all subscriptions and their connection. */
  close(): void {
    this.#api.close();
  }
}

/** A client of the server at `url`. It connects when it is first used. */
export function createClient(options: ClientOptions = {}): Client {
  return new Client(options);
}
