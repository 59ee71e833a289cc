/** Sends one batch of lines; resolves when the server has stored them. */
type SendLines = (lines: readonly string[], times: readonly number[]) => Promise<void>;

const maxLinesPerBatch = 1000;

/**
 * Sends the log of one trial, one batch at a time and in order: what is logged while a batch is under way goes into
 * the next one. The first failure is final.
 */
export class LogReporter {
  readonly #send: SendLines;
  #lines: string[] = [];
  #times: number[] = [];
  #sending: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  #hasFailed = false;

  constructor(send: SendLines) {
    this.#send = send;
  }

  /** Resolves when the text is stored. It need not be awaited: `flush` fails with the same error. */
  log(text: string): Promise<void> {
    if (this.#hasFailed) return this.#sending;
    this.#lines.push(text);
    this.#times.push(Date.now());
    if (this.#next === null) {
      this.#next = this.#sending.then(() => this.#sendWaiting());
      // A rejection that nobody awaits would end the process.
      this.#next.catch(() => {
        this.#hasFailed = true;
      });
      this.#sending = this.#next;
    }
    return this.#next;
  }

  flush(): Promise<void> {
    return this.#sending;
  }

  async #sendWaiting(): Promise<void> {
    const [lines, times] = [this.#lines, this.#times];
    [this.#lines, this.#times, this.#next] = [[], [], null];
    for (let from = 0; from < lines.length; from += maxLinesPerBatch) {
      const to = from + maxLinesPerBatch;
      await this.#send(lines.slice(from, to), times.slice(from, to));
    }
  }
}
