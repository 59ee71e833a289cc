import type { SeriesInput } from './generated.ts';
import type { MetricColumn } from './metric-points.ts';
import { PointBuffer } from './point-buffer.ts';

/** Sends one batch of points; resolves when the server has stored them. */
export type SendPoints = (series: readonly SeriesInput[]) => Promise<void>;

/** About half a megabyte in base64. */
const maxPointsPerBatch = 20_000;

/**
 * Sends the points of one trial, one batch at a time and in order: what is reported while a batch is under way goes
 * into the next one. The first failure is final, so that a flush without an error means that every point is stored.
 */
export class MetricReporter {
  readonly #send: SendPoints;
  #waiting = new PointBuffer();
  #sending: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  #hasFailed = false;

  constructor(send: SendPoints) {
    this.#send = send;
  }

  /**
   * Resolves when the points are stored. It need not be awaited: `flush` fails with the same error.
   * @throws TypeError or RangeError for what no series can hold
   */
  report(columns: Readonly<Record<string, MetricColumn>>): Promise<void> {
    if (this.#hasFailed) return this.#sending;
    this.#waiting.add(columns);
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

  /** Resolves when all points so far are stored. */
  flush(): Promise<void> {
    return this.#sending;
  }

  async #sendWaiting(): Promise<void> {
    const points = this.#waiting;
    this.#waiting = new PointBuffer();
    this.#next = null;
    for (const batch of points.batches(maxPointsPerBatch)) await this.#send(batch);
  }
}
