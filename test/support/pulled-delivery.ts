import type { Delivery } from '../../src/events/delivery.ts';

interface Taker {
  resolve(json: string | null): void;
  reject(error: unknown): void;
}

/** A client that reads one value at a time: it is ready only while a value is asked for. */
export class PulledDelivery {
  readonly #delivery: Delivery;
  readonly #unread: string[] = [];
  readonly #takers: Taker[] = [];
  readonly #waiting: (() => void)[] = [];
  #ended: { readonly failure: unknown } | null = null;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
    const isReady = (): boolean => this.#takers.length > 0;
    const outlet = {
      get isReady() {
        return isReady();
      },
      untilReady: () => new Promise<void>((resolve) => this.#waiting.push(resolve)),
      send: (json: Buffer) => {
        const taker = this.#takers.shift();
        if (taker === undefined) this.#unread.push(json.toString());
        else taker.resolve(json.toString());
      },
    };
    const end = (failure: unknown): void => {
      this.#ended = { failure };
      for (const taker of this.#takers.splice(0)) this.#finish(taker);
    };
    delivery.sendTo(outlet).then(() => end(null), end);
  }

  /** The next value; null at the end. Rejects where the delivery failed. */
  next(): Promise<string | null> {
    return new Promise((resolve, reject) => {
      const unread = this.#unread.shift();
      if (unread !== undefined) return resolve(unread);
      if (this.#ended !== null) return this.#finish({ resolve, reject });
      this.#takers.push({ resolve, reject });
      for (const proceed of this.#waiting.splice(0)) proceed();
    });
  }

  stop(): void {
    this.#delivery.stop();
  }

  #finish({ resolve, reject }: Taker): void {
    if (this.#ended!.failure === null) resolve(null);
    else reject(this.#ended!.failure);
  }
}
