import type { Client, LogLine } from '../../../../client/index.ts';
import { Store } from '../../../live/store.ts';
import { followTrialLog } from '../../../operations/trial.ts';

/** The last so many lines are kept; the log itself has all of them. */
const maxLines = 200_000;
/** Lines that come faster are shown together. */
const showEveryMs = 100;

/** The log of a trial from its beginning on, live: every line once and in order, over breaks of the connection. */
export class LogLines {
  /** Grows with every change of `lines`. */
  readonly version = new Store(0);
  readonly error = new Store<Error | null>(null);
  #lines: LogLine[] = [];
  readonly #ended = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, trial: string) {
    void this.#follow(client, trial);
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  close(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
  }

  async #follow(client: Client, trial: string): Promise<void> {
    const { signal } = this.#ended;
    try {
      const pages = client.subscribe(
        followTrialLog,
        { trial },
        { signal, cursorOf: ({ trialLog }) => trialLog.cursor },
      );
      for await (const { trialLog } of pages) this.#take(trialLog.lines);
    } catch (error) {
      if (!signal.aborted) this.error.set(error as Error);
    }
  }

  #take(lines: readonly LogLine[]): void {
    const last = this.#lines.at(-1)?.number ?? -1;
    for (const line of lines) if (line.number > last) this.#lines.push(line);
    if (this.#lines.length > maxLines) this.#lines = this.#lines.slice(-maxLines);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.version.set(this.version.get() + 1);
    }, showEveryMs);
  }
}
