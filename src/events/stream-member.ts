import { setImmediate } from 'node:timers/promises';
import type { Delivery, Outlet } from './delivery.ts';
import {
  type FollowedLog,
  hasReached,
  isSamePosition,
  type LogSource,
  type Position,
} from './followed-log.ts';
import type { SharedBatch, SharedStream } from './shared-stream.ts';

/**
 * One subscription to a shared stream. At the live end it is handed each batch by a plain call. Between two values it
 * holds nothing but its position, so a slow client costs no memory: one that has not taken its last value leaves the
 * live end, and what the stream does not keep any more is read again, for it alone, until it has caught up.
 */
export class StreamMember<T> implements Delivery {
  readonly #stream: SharedStream<T>;
  readonly #source: LogSource<T>;
  readonly #encode: (value: T) => Promise<Buffer>;
  readonly #leave: () => void;
  #outlet: Outlet | null = null;
  #position: Position;
  #first: T | null;
  #readAloneAt = Number.NEGATIVE_INFINITY;
  #isStopped = false;
  #stopWaiting: (() => void) | null = null;

  constructor(
    stream: SharedStream<T>,
    { source, start }: FollowedLog<T>,
    encode: (value: T) => Promise<Buffer>,
    leave: () => void,
  ) {
    this.#stream = stream;
    this.#source = source;
    this.#encode = encode;
    this.#leave = leave;
    this.#position = start.position;
    this.#first = start.value;
  }

  async sendTo(outlet: Outlet): Promise<void> {
    this.#outlet = outlet;
    try {
      if (this.#first !== null) {
        const first = await this.#encode(this.#first);
        this.#first = null;
        if (!this.#isStopped) outlet.send(first);
      }
      while (!this.#isStopped) {
        if (!outlet.isReady) await outlet.untilReady();
        else if (!(await this.#sendNext(outlet))) break;
      }
    } finally {
      this.stop();
    }
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#stream.unfollow(this);
    this.#stopWaiting?.();
    this.#leave();
  }

  /**
   * Takes what is new at the live end.
   * @returns whether it stays there
   */
  take({ from, to, json }: SharedBatch): boolean {
    if (!isSamePosition(this.#position, from)) return hasReached(this.#position, to);
    const outlet = this.#outlet!;
    if (!outlet.isReady) return false;
    this.#position = to;
    outlet.send(json);
    return true;
  }

  /** @returns whether there may be more */
  async #sendNext(outlet: Outlet): Promise<boolean> {
    const stream = this.#stream;
    const { head } = stream;
    const shared = stream.batchAfter(this.#position);
    if (shared !== undefined) {
      this.#position = shared.to;
      outlet.send(shared.json);
      // One that has much to catch up with would else never let anybody else in.
      await setImmediate();
      return true;
    }
    const boundary = stream.nextBoundary(this.#position);
    const step = boundary === null ? null : await this.#readAlone(boundary);
    if (step !== null) {
      this.#position = step.position;
      const json = step.value === null ? null : await this.#encode(step.value);
      if (json !== null && !this.#isStopped) outlet.send(json);
      return true;
    }
    if (stream.hasEnded) {
      stream.throwFailure();
      return false;
    }
    // Else there is a batch more meanwhile.
    if (head === stream.head) await stream.follow(this);
    return true;
  }

  async #readAlone(upTo: Position) {
    await this.#untilDue();
    if (this.#isStopped) return null;
    this.#readAloneAt = performance.now();
    return this.#source.read(this.#position, upTo);
  }

  #untilDue(): Promise<void> {
    return new Promise((resolve) => {
      const waitMs = this.#readAloneAt + (this.#source.minIntervalMs ?? 0) - performance.now();
      if (waitMs <= 0 || this.#isStopped) return resolve();
      const timer = setTimeout(resolve, waitMs);
      this.#stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
