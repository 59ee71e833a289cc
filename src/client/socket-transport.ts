import { type Client, createClient, type Sink, type SubscribePayload } from 'graphql-ws/client';
import { NetworkError } from './errors.ts';
import { backoffMs, sleep } from './retry.ts';

export type ConnectionState = 'connected' | 'reconnecting';

export interface SocketOptions {
  /** Where GraphQL is served over WebSocket. */
  readonly url: string;
  readonly token: string | undefined;
  /** How often a quiet connection is probed. One that does not answer for so long, or does not open, is given up. */
  readonly keepAliveMs: number;
  /** How often in a row a broken connection is tried again. */
  readonly reconnectAttempts: number;
  readonly onConnection: (state: ConnectionState) => void;
}

/** Subscriptions that follow one another closely share a connection. */
const idleMs = 300;

/** One WebSocket for all subscriptions: opened by the first, closed after the last. */
export class SocketTransport {
  readonly #options: SocketOptions;
  #client: Promise<Client> | null = null;
  #state: ConnectionState | null = null;
  #open = 0;
  #failures = 0;
  #retryAt = 0;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  /**
   * Starts a subscription on the connection as it is; when that breaks, so does the subscription.
   * @returns a function that ends it
   */
  subscribe(payload: SubscribePayload, sink: Sink): () => void {
    let end: (() => void) | null = null;
    let isEnded = false;
    this.#open += 1;
    this.#client ??= this.#create();
    this.#client.then((client) => {
      if (!isEnded) end = client.subscribe(payload, sink);
    }, sink.error);
    return () => {
      if (isEnded) return;
      isEnded = true;
      this.#open -= 1;
      end?.();
    };
  }

  /**
   * Waits until a subscription that broke may be started again; all that broke together wait for the same moment.
   * @param hadResults whether it has come far enough for the next try to be a first one again
   * @throws NetworkError when it has been tried often enough
   */
  async waitToReconnect(hadResults: boolean, signal: AbortSignal): Promise<void> {
    if (this.#retryAt <= Date.now()) {
      this.#failures = hadResults ? 1 : this.#failures + 1;
      this.#retryAt = Date.now() + backoffMs(this.#failures);
    }
    if (this.#failures > this.#options.reconnectAttempts) {
      throw new NetworkError(`${this.#options.url} could not be reached ${this.#failures} times in a row.`);
    }
    await sleep(this.#retryAt - Date.now(), signal);
  }

  /** Closes the connection; what is still subscribed breaks. */
  close(): void {
    this.#client?.then((client) => {
      if (this.#state !== 'connected') client.terminate();
      else client.dispose();
    });
  }

  async #create(): Promise<Client> {
    const { url, token, keepAliveMs } = this.#options;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const stopWaiting = (): void => {
      clearTimeout(silence);
      silence = undefined;
    };
    const awaitAnswer = (): void => {
      stopWaiting();
      silence = setTimeout(() => client.terminate(), keepAliveMs);
    };
    const client = createClient({
      url,
      webSocketImpl: await webSocketClass(),
      connectionParams: token === undefined ? {} : { token },
      // Each subscription starts again by itself, at its own position.
      retryAttempts: 0,
      lazyCloseTimeout: idleMs,
      keepAlive: keepAliveMs,
      on: {
        connecting: awaitAnswer,
        connected: () => {
          stopWaiting();
          this.#setState('connected');
        },
        ping: (isReceived) => {
          if (!isReceived) awaitAnswer();
        },
        // Not an answer, as it may have been under way before, but a sign of life.
        message: () => {
          if (silence !== undefined) awaitAnswer();
        },
        pong: (isReceived) => {
          if (isReceived) stopWaiting();
        },
        closed: () => {
          stopWaiting();
          this.#setState(this.#open > 0 ? 'reconnecting' : null);
        },
      },
    });
    return client;
  }

  /** @param state null when nobody needs a connection */
  #setState(state: ConnectionState | null): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state !== null) this.#options.onConnection(state);
  }
}

/** The platform's WebSocket; Node has one from version 22 on. */
async function webSocketClass(): Promise<unknown> {
  const { WebSocket: native } = globalThis as { WebSocket?: unknown };
  if (native !== undefined) return native;
  const { WebSocket } = await import('ws');
  return class extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { perMessageDeflate: false });
      // Otherwise one that is given up while it connects would end the process.
      this.on('error', () => {});
    }
  };
}
