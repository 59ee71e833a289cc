import { OrderedSender } from './ordered-sender.ts';

/** Sends one batch of lines; resolves when the server has stored them. */
type SendLines = (lines: readonly string[], times: readonly number[]) => Promise<void>;

const maxLinesPerBatch = 1000;

/**
 * Sends the log of one trial, one batch at a time and in order: what is logged while a batch is under way goes into
 * the next one. The first failure is final.
 */
export class LogReporter {
  readonly #send: SendLines;
  readonly #sender = new OrderedSender(() => this.#sendGathered());
  #lines: string[] = [];
  #times: number[] = [];

  constructor(send: SendLines) {
    this.#send = send;
  }

  /** Resolves when the text is stored. It need not be awaited: `flush` fails with the same error. */
  log(text: string): Promise<void> {
    if (!this.#sender.hasFailed) {
      this.#lines.push(text);
      this.#times.push(Date.now());
    }
    return this.#sender.send();
  }

  flush(): Promise<void> {
    return this.#sender.flush();
  }

  async #sendGathered(): Promise<void> {
    const [lines, times] = [this.#lines, this.#times];
    [this.#lines, this.#times] = [[], []];
    for (let from = 0; from < lines.length; from += maxLinesPerBatch) {
      const to = from + maxLinesPerBatch;
      await this.#send(lines.slice(from, to), times.slice(from, to));
    }
  }
}
