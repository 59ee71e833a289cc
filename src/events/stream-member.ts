import type { FollowedLog, LogSource, Position } from './followed-log.ts';
import type { SharedStream } from './shared-stream.ts';

const end = { done: true, value: undefined } as const;

/**
 * One subscription to a shared stream. Between two values it holds nothing but its position, so a slow taker costs no
 * memory: what the stream does not keep any more is read again, for it alone, until it has caught up.
 */
export class StreamMember<T> implements AsyncIterableIterator<string, undefined> {
  readonly #stream: SharedStream<T>;
  readonly #source: LogSource<T>;
  readonly #encode: (value: T) => Promise<string>;
  readonly #leave: () => void;
  #position: Position;
  #first: T | null;
  #readAloneAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  #resume: (() => void) | null = null;

  constructor(
    stream: SharedStream<T>,
    { source, start }: FollowedLog<T>,
    encode: (value: T) => Promise<string>,
    leave: () => void,
  ) {
    this.#stream = stream;
    this.#source = source;
    this.#encode = encode;
    this.#leave = leave;
    this.#position = start.position;
    this.#first = start.value;
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    try {
      const payload = await this.#take();
      if (payload !== null && !this.#isClosed) return { done: false, value: payload };
    } catch (error) {
      this.#close();
      throw error;
    }
    this.#close();
    return end;
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    this.#close();
    return end;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #take(): Promise<string | null> {
    if (this.#first !== null) {
      const value = this.#first;
      this.#first = null;
      return this.#encode(value);
    }
    const stream = this.#stream;
    while (!this.#isClosed) {
      const shared = stream.batchFrom(this.#position);
      if (shared !== undefined) {
        this.#position = shared.to;
        return shared.payload;
      }
      const boundary = stream.nextBoundary(this.#position);
      const step = boundary === null ? null : await this.#readAlone(boundary);
      if (step !== null) {
        this.#position = step.position;
        if (step.value !== null) return this.#encode(step.value);
        continue;
      }
      if (stream.hasEnded) {
        stream.throwFailure();
        break;
      }
      await this.#untilExtended();
    }
    return null;
  }

  async #readAlone(upTo: Position) {
    await this.#untilDue();
    if (this.#isClosed) return null;
    this.#readAloneAt = performance.now();
    return this.#source.read(this.#position, upTo);
  }

  #untilExtended(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve();
      const stopWaiting = this.#stream.wait(resolve);
      this.#resume = () => {
        stopWaiting();
        resolve();
      };
    });
  }

  #untilDue(): Promise<void> {
    return new Promise((resolve) => {
      const waitMs = this.#readAloneAt + (this.#source.minIntervalMs ?? 0) - performance.now();
      if (waitMs <= 0 || this.#isClosed) return resolve();
      const timer = setTimeout(resolve, waitMs);
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#resume?.();
    this.#leave();
  }
}
