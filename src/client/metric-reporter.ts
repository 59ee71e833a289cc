import type { SeriesInput } from './generated.ts';
import type { MetricColumn } from './metric-points.ts';
import { OrderedSender } from './ordered-sender.ts';
import { PointBuffer } from './point-buffer.ts';

/** Sends one batch of points; resolves to whether the server has stored them. */
export type SendPoints = (series: readonly SeriesInput[]) => Promise<boolean>;

/** About half a megabyte in base64. */
const maxPointsPerBatch = 20_000;

/**
 * Sends the points of one trial, one batch at a time and in order: what is reported while a batch is under way goes
 * into the next one. The first failure is final, so that a flush without an error means that every point is stored.
 */
export class MetricReporter {
  readonly #send: SendPoints;
  readonly #sender = new OrderedSender<boolean>(() => this.#sendGathered());
  #waiting = new PointBuffer();

  constructor(send: SendPoints) {
    this.#send = send;
  }

  /**
   * Resolves when the points are stored, to true; to false where the server takes no more. It need not be awaited:
   * `flush` fails with the same error.
   * @throws TypeError or RangeError for what no series can hold
   */
  report(columns: Readonly<Record<string, MetricColumn>>): Promise<boolean> {
    if (!this.#sender.hasFailed) this.#waiting.add(columns);
    return this.#sender.send();
  }

  /** Resolves when all points so far are stored, or are refused without an error. */
  flush(): Promise<void> {
    return this.#sender.flush();
  }

  async #sendGathered(): Promise<boolean> {
    const points = this.#waiting;
    this.#waiting = new PointBuffer();
    let areStored = true;
    for (const batch of points.batches(maxPointsPerBatch)) areStored = await this.#send(batch);
    return areStored;
  }
}
