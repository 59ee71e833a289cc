/**
 * Runs `sendGathered` one call after another: what gathers while one is under way is sent by the next. The first failure
 * is final, so that a flush without an error means that everything is stored.
 */
export class OrderedSender<Answer = void> {
  readonly #sendGathered: () => Promise<Answer>;
  #sending: Promise<unknown> = Promise.resolve();
  #next: Promise<Answer> | null = null;
  /** The sending that failed. */
  #failed: Promise<Answer> | null = null;

  /** @param sendGathered takes what has gathered when it is called, before it waits for anything */
  constructor(sendGathered: () => Promise<Answer>) {
    this.#sendGathered = sendGathered;
  }

  get hasFailed(): boolean {
    return this.#failed !== null;
  }

  /** Resolves when what has gathered is sent, to the answer. It need not be awaited: `flush` fails with the same error. */
  send(): Promise<Answer> {
    if (this.#failed !== null) return this.#failed;
    if (this.#next === null) {
      const next = this.#sending.then(() => {
        this.#next = null;
        return this.#sendGathered();
      });
      // A rejection that nobody awaits would end the process.
      next.catch(() => {
        this.#failed = next;
      });
      this.#next = next;
      this.#sending = next;
    }
    return this.#next;
  }

  /** Resolves when everything so far is sent. */
  async flush(): Promise<void> {
    await this.#sending;
  }
}
