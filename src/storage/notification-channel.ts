import pg from 'pg';
import type { Logger } from '../core/logger.ts';

export interface NotificationHandlers {
  /** A message of another server. */
  onMessage(message: string): void;
  /** Messages come again, or for the first time: those of before are lost. */
  onConnect(): void;
}

/** Names the channel within a database. */
const channel = 'trialgraph';
/** PostgreSQL takes no more than 7999 bytes. */
export const maxMessageBytes = 7900;
const checkEveryMs = 15_000;
const queryTimeoutMs = 10_000;
const firstRetryMs = 100;
const lastRetryMs = 5000;

/**
 * Messages between the servers on one database, over LISTEN and NOTIFY on a connection of its own that is made again
 * whenever it breaks. (A pooler that gives out connections by the transaction lets none through.)
 */
export class NotificationChannel {
  readonly #pool: pg.Pool;
  readonly #handlers: NotificationHandlers;
  readonly #log: Logger;
  #client: pg.Client | null = null;
  #check: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = firstRetryMs;
  #isClosed = false;

  /** @param pool names the database */
  constructor(pool: pg.Pool, handlers: NotificationHandlers, log: Logger) {
    this.#pool = pool;
    this.#handlers = handlers;
    this.#log = log;
  }

  /** Resolves after the first attempt to connect. */
  async start(): Promise<void> {
    await this.#connect();
  }

  get isConnected(): boolean {
    return this.#client !== null;
  }

  /** Sends messages to the other servers. Rejects where they may not have been sent. */
  async send(messages: readonly string[]): Promise<void> {
    if (this.#client === null) throw new Error('There is no connection to send notifications over.');
    await this.#query(this.#client, 'SELECT pg_notify($1, message) FROM unnest($2::text[]) AS message', [
      channel,
      messages,
    ]);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#check);
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = null;
    if (client !== null) await leave(client);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(this.#pool.options);
    // Each of them may be the first to tell that it is lost.
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    client.on('notification', ({ processId, payload = '' }) => {
      if (processId !== ownProcessId) this.#handlers.onMessage(payload);
    });
    let ownProcessId = -1;
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: number }>(
        `SELECT pg_backend_pid() AS pid, set_config('application_name', 'trialgraph notifications', false)`,
      );
      ownProcessId = rows[0]!.pid;
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      void leave(client);
      return this.#retryLater(error);
    }
    if (this.#isClosed) return void leave(client);
    this.#client = client;
    this.#retryMs = firstRetryMs;
    this.#check = setInterval(() => {
      // A connection whose other end is gone without a word looks alive until it is used.
      this.#query(client, 'SELECT 1', []).catch(() => this.#lose(client));
    }, checkEveryMs);
    this.#handlers.onConnect();
  }

  #query(client: pg.Client, text: string, values: unknown[]): Promise<unknown> {
    return client.query({ text, values, query_timeout: queryTimeoutMs } as pg.QueryConfig);
  }

  #lose(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    clearInterval(this.#check);
    void leave(client);
    this.#retryLater(new Error('The connection was lost.'));
  }

  #retryLater(error: unknown): void {
    if (this.#isClosed) return;
    this.#log.warn({ err: error }, 'news of other servers do not come; trying again');
    this.#retry = setTimeout(() => void this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
  }
}

/** Ends a connection. One that is broken cannot say goodbye, and nobody waits for it: a new one takes its place. */
async function leave(client: pg.Client): Promise<void> {
  await client.end().catch(() => {});
}
