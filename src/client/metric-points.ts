import type { MetricDelta, PackedSeries } from './generated.ts';
import { unpackFloat64s, unpackInt32s } from './packing.ts';

/** Points to report: columns of one length. Steps are whole numbers from 0 to 2^31 - 1; values may be NaN or infinite. */
export interface MetricColumn {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Milliseconds since 1970; absent: now. */
  readonly times?: ArrayLike<number>;
}

/** Stored points: columns of one length. Times are milliseconds since 1970. */
export interface MetricPoints {
  readonly steps: Int32Array;
  readonly values: Float64Array;
  readonly times: Float64Array;
}

/** One series of a trial, steps ascending. */
export interface MetricSeries extends MetricPoints {
  readonly name: string;
  /** How many points the range has, of which downsampling may have left some out. */
  readonly count: number;
  /** The last value of the range, null when it is NaN or infinite. */
  readonly last: number | null;
  /** The extremes of the finite values; null while there is none. */
  readonly min: number | null;
  readonly max: number | null;
}

/** New points of one series in the order in which they were stored; for one step the last one counts. */
export interface NewPoints extends MetricPoints {
  readonly trial: string;
  readonly name: string;
}

export interface MetricBatch {
  /** Where this batch ends: with it as `after`, `metrics` goes on from here. */
  readonly cursor: string;
  readonly series: readonly NewPoints[];
}

export function unpackSeries({ name, count, last, min, max, ...packed }: PackedSeries): MetricSeries {
  return { name, count, last, min, max, ...unpackPoints(packed) };
}

export function unpackDelta({ trial, name, ...packed }: MetricDelta): NewPoints {
  return { trial, name, ...unpackPoints(packed) };
}

function unpackPoints(
  packed: Pick<MetricDelta, 'packedSteps' | 'packedValues' | 'packedTimes'>,
): MetricPoints {
  return {
    steps: unpackInt32s(packed.packedSteps),
    values: unpackFloat64s(packed.packedValues),
    times: unpackFloat64s(packed.packedTimes),
  };
}
