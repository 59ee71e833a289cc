/**
 * Runs `sendGathered` one call after another: what gathers while one is under way is sent by the next. The first failure
 * is final, so that a flush without an error means that everything is stored.
 */
export class OrderedSender {
  readonly #sendGathered: () => Promise<void>;
  #sending: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  #hasFailed = false;

  /** @param sendGathered takes what has gathered when it is called, before it waits for anything */
  constructor(sendGathered: () => Promise<void>) {
    this.#sendGathered = sendGathered;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Resolves when what has gathered is sent. It need not be awaited: `flush` fails with the same error. */
  send(): Promise<void> {
    if (this.#hasFailed) return this.#sending;
    if (this.#next === null) {
      this.#next = this.#sending.then(() => {
        this.#next = null;
        return this.#sendGathered();
      });
      // A rejection that nobody awaits would end the process.
      this.#next.catch(() => {
        this.#hasFailed = true;
      });
      this.#sending = this.#next;
    }
    return this.#next;
  }

  /** Resolves when everything so far is sent. */
  flush(): Promise<void> {
    return this.#sending;
  }
}
