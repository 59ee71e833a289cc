import { type Client, type StudyData, type StudyEvent, TrialgraphError } from '../../client/index.ts';
import { followStudy, studyNow } from '../operations/shell.ts';
import { Coalescer } from './coalescer.ts';
import { Store } from './store.ts';

export type LiveStudyState =
  | { readonly status: 'loading' }
  | { readonly status: 'live'; readonly study: StudyData }
  /** It does not exist, or was deleted. */
  | { readonly status: 'missing' }
  | { readonly status: 'failed'; readonly error: Error };

/** `null` for events that nobody has: all that is known of the study may be stale. */
type Listener = (events: readonly StudyEvent[] | null) => void;

const countsWaitMs = 200;

/**
 * A study as it is, followed by its events: over breaks of the connection and restarts of the server,
 * without polling. Shared by all parts of a page, see `useLiveStudy`.
 */
export class LiveStudy {
  readonly state = new Store<LiveStudyState>({ status: 'loading' });
  readonly #id: string;
  readonly #client: Client;
  readonly #noteError: (error: Error) => void;
  readonly #listeners = new Set<Listener>();
  readonly #ended = new AbortController();
  readonly #counts = new Coalescer(() => this.#refresh(), countsWaitMs);
  /** How many states of the study came by the stream. */
  #studiesSeen = 0;

  /** @param noteError told what ends the following */
  constructor(id: string, client: Client, noteError: (error: Error) => void) {
    this.#id = id;
    this.#client = client;
    this.#noteError = noteError;
    void this.#follow();
  }

  /** Tells every batch of events, until the returned function is called. */
  onEvents(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#ended.abort();
    this.#counts.close();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ended;
    const client = this.#client;
    try {
      // Pages begin with this answer, a round trip sooner than with a stream's snapshot; events go on from its cursor.
      const { study } = await client.query(studyNow, { id: this.#id }, { signal });
      if (study === null) return this.state.set({ status: 'missing' });
      this.#show(study);
      const batches = client.subscribe(
        followStudy,
        { study: this.#id, after: study.cursor },
        { signal, cursorOf: ({ studyEvents }) => studyEvents.cursor },
      );
      for await (const { studyEvents } of batches) this.#take(studyEvents.snapshot, studyEvents.events);
      if (!signal.aborted) this.state.set({ status: 'missing' });
    } catch (error) {
      if (!signal.aborted) this.#fail(error as Error);
    }
  }

  #take(snapshot: StudyData | null, events: readonly StudyEvent[]): void {
    if (snapshot !== null) this.#show(snapshot);
    for (const { study } of events) if (study !== null) this.#show(study);
    // A trial's event does not say how many trials there are now in each state.
    if (events.some(({ trial }) => trial !== null)) this.#counts.request();
    for (const listener of this.#listeners) listener(snapshot === null ? events : null);
  }

  #show(study: StudyData): void {
    this.#studiesSeen += 1;
    this.state.set({ status: 'live', study });
  }

  async #refresh(): Promise<void> {
    const seen = this.#studiesSeen;
    const { study } = await this.#client.query(studyNow, { id: this.#id }, { signal: this.#ended.signal });
    // One that came by the stream meanwhile may be newer.
    if (seen !== this.#studiesSeen) this.#counts.request();
    else if (study !== null) this.state.set({ status: 'live', study });
  }

  #fail(error: Error): void {
    const isMissing =
      error instanceof TrialgraphError && ['NOT_FOUND', 'BAD_USER_INPUT'].includes(error.code);
    this.state.set(isMissing ? { status: 'missing' } : { status: 'failed', error });
    this.#noteError(error);
  }
}
