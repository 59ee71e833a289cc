import { QueryCache, QueryClient } from '@tanstack/react-query';
import { type Client, createClient, type Device, TrialgraphError } from '../../client/index.ts';
import { watchDevices } from '../operations/shell.ts';
import { LiveStudy } from './live-study.ts';
import { isServed } from './load-part.ts';
import { Store } from './store.ts';

export type Connection = 'connecting' | 'connected' | 'reconnecting';

const storedToken = 'trialgraph-token';
/** A study that is left and opened again at once, as by a change of the page, goes on. */
const lingerMs = 5000;
/** A request that takes so long may be waiting for more than its turn. */
const lateMs = 3000;

/** All that a viewer's pages share: the one client with its connection, what was asked, and the studies that are open. */
export class Session {
  readonly client: Client;
  readonly queries: QueryClient;
  readonly connection = new Store<Connection>('connecting');
  /** Whether the server wants an access token that it did not get. */
  readonly needsToken = new Store(false);
  /** Whether a request waits for long, or was answered that the server cannot do its work. */
  readonly isWaiting = new Store(false);
  /** What trials run on, as it is; null until it is known. */
  readonly devices = new Store<readonly Device[] | null>(null);
  readonly #studies = new Map<string, { readonly live: LiveStudy; users: number }>();

  constructor() {
    // The API explorer reads the same entry.
    const token = window.sessionStorage.getItem(storedToken);
    this.client = createClient({
      url: window.location.origin,
      ...(token !== null && { token }),
      fetch: (input, init) => this.#fetch(input, init),
      // A page waits, with what it has in sight, for a server that is away for the night.
      retryForMs: Number.POSITIVE_INFINITY,
      onConnection: (state) => this.#setConnection(state),
    });
    this.queries = new QueryClient({
      queryCache: new QueryCache({ onError: (error) => this.noteError(error) }),
      // The client itself tries again; events say what is stale.
      defaultOptions: {
        queries: { retry: false, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
      },
    });
    void this.#followDevices();
  }

  /** Opens a study, or shares it where it is open; `release` when it is not looked at any more. */
  openStudy(id: string): LiveStudy {
    const entry = this.#studies.get(id) ?? { live: this.#follow(id), users: 0 };
    entry.users += 1;
    this.#studies.set(id, entry);
    return entry.live;
  }

  /** Asks for a study that a page is about to open. */
  prefetchStudy(id: string): void {
    this.openStudy(id);
    this.releaseStudy(id);
  }

  releaseStudy(id: string): void {
    const entry = this.#studies.get(id);
    if (entry === undefined) return;
    entry.users -= 1;
    setTimeout(() => {
      if (entry.users > 0 || this.#studies.get(id) !== entry) return;
      this.#studies.delete(id);
      entry.live.close();
    }, lingerMs);
  }

  /** Looks at what went wrong somewhere: a missing token asks for one. */
  noteError(error: unknown): void {
    if (error instanceof TrialgraphError && error.code === 'UNAUTHENTICATED') this.needsToken.set(true);
  }

  /** @returns the session that begins with this token, or null where the server does not accept it */
  static async signIn(token: string): Promise<Session | null> {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{__typename}"}',
    });
    if (response.status === 401) return null;
    window.sessionStorage.setItem(storedToken, token);
    return new Session();
  }

  /** Headers for requests that the client does not make, such as for a trial's pictures. */
  static headers(): Record<string, string> {
    const token = window.sessionStorage.getItem(storedToken);
    return token === null ? {} : { authorization: `Bearer ${token}` };
  }

  close(): void {
    for (const { live } of this.#studies.values()) live.close();
    this.client.close();
  }

  async #fetch(...request: Parameters<typeof fetch>): Promise<Response> {
    const late = setTimeout(() => this.isWaiting.set(true), lateMs);
    try {
      const response = await fetch(...request);
      this.isWaiting.set(response.status === 503);
      return response;
    } finally {
      clearTimeout(late);
    }
  }

  #follow(id: string): LiveStudy {
    return new LiveStudy(id, this.client, (error) => this.noteError(error));
  }

  #setConnection(state: 'connected' | 'reconnecting'): void {
    const before = this.connection.get();
    this.connection.set(state);
    isServed.set(state === 'connected');
    // What no stream of events watches may have changed, or failed, meanwhile.
    if (before === 'reconnecting' && state === 'connected') void this.queries.invalidateQueries();
  }

  /** Also keeps the connection open on pages without live data, so that its state is known. */
  async #followDevices(): Promise<void> {
    try {
      for await (const { devices } of this.client.subscribe(watchDevices)) this.devices.set(devices);
    } catch (error) {
      this.noteError(error);
    }
  }
}
