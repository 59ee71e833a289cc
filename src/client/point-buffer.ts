import type { SeriesInput } from './generated.ts';
import type { MetricColumn } from './metric-points.ts';
import { packFloat64s, packInt32s } from './packing.ts';

const maxStep = 2 ** 31 - 1;

interface Points {
  readonly steps: number[];
  readonly values: number[];
  readonly times: number[];
}

/** Points by series, collected until they are sent. */
export class PointBuffer {
  readonly #series = new Map<string, Points>();

  /**
   * Adds points by series.
   * @throws TypeError or RangeError for what no series can hold; nothing is added then
   */
  add(columns: Readonly<Record<string, MetricColumn>>): void {
    const entries = Object.entries(columns);
    for (const [name, column] of entries) check(name, column);
    for (const [name, column] of entries) this.#append(name, column);
  }

  #append(name: string, { steps, values, times }: MetricColumn): void {
    let points = this.#series.get(name);
    if (points === undefined) {
      points = { steps: [], values: [], times: [] };
      this.#series.set(name, points);
    }
    const now = Date.now();
    for (let i = 0; i < steps.length; i++) {
      points.steps.push(steps[i]!);
      points.values.push(values[i]!);
      points.times.push(times?.[i] ?? now);
    }
  }

  /** All points in batches of at most `maxPoints`, those of a series in the order in which they were added. */
  *batches(maxPoints: number): Generator<SeriesInput[]> {
    let batch: SeriesInput[] = [];
    let room = maxPoints;
    for (const [name, points] of this.#series) {
      for (let from = 0; from < points.steps.length; ) {
        const to = Math.min(points.steps.length, from + room);
        batch.push(packed(name, points, from, to));
        room -= to - from;
        from = to;
        if (room > 0) continue;
        yield batch;
        batch = [];
        room = maxPoints;
      }
    }
    if (batch.length > 0) yield batch;
  }
}

function packed(name: string, { steps, values, times }: Points, from: number, to: number): SeriesInput {
  return {
    name,
    packedSteps: packInt32s(steps.slice(from, to)),
    packedValues: packFloat64s(values.slice(from, to)),
    packedTimes: packFloat64s(times.slice(from, to)),
  };
}

function check(name: string, { steps, values, times }: MetricColumn): void {
  if (values.length !== steps.length || (times?.length ?? steps.length) !== steps.length) {
    const lengths = `${steps.length} steps, ${values.length} values${times ? `, ${times.length} times` : ''}`;
    throw new RangeError(`The columns of "${name}" must have one length, not ${lengths}.`);
  }
  // Packing would bend these silently.
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (!Number.isInteger(step) || step < 0 || step > maxStep) {
      throw new RangeError(
        `A step of "${name}" must be a whole number from 0 to ${maxStep}, not ${String(step)}.`,
      );
    }
    if (typeof values[i] !== 'number') {
      throw new TypeError(
        `The value of "${name}" at step ${step} must be a number, not ${typeof values[i]}.`,
      );
    }
  }
}
