/** Items that arrive at their own pace and wait to be taken, in order. */
export class Inbox<T> {
  readonly #items: T[] = [];
  #end: { readonly error?: unknown } | null = null;
  #wake: (() => void) | null = null;

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** Nothing more will come: the taker gets what waits, then the end. Only the first end counts. */
  end(): void {
    this.#finish({});
  }

  /** Like `end`, but the taker gets this error at last. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  /** The next item, waited for; undefined at the end. One taker at a time. */
  async take(): Promise<{ readonly item: T } | undefined> {
    while (this.#items.length === 0 && this.#end === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#items.length > 0) return { item: this.#items.shift()! };
    if ('error' in this.#end!) throw this.#end.error;
    return undefined;
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#wake?.();
  }
}
