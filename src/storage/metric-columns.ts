import type { MetricPoints } from './metric-store.ts';

/** The points of several chunks one after the other. */
export function concatPoints(chunks: readonly MetricPoints[]): MetricPoints {
  if (chunks.length === 1) return chunks[0]!;
  const count = chunks.reduce((sum, chunk) => sum + chunk.steps.length, 0);
  const steps = new Int32Array(count);
  const values = new Float64Array(count);
  const times = new Float64Array(count);
  let offset = 0;
  for (const chunk of chunks) {
    steps.set(chunk.steps, offset);
    values.set(chunk.values, offset);
    times.set(chunk.times, offset);
    offset += chunk.steps.length;
  }
  return { steps, values, times };
}

/** Points in ascending steps, of equal steps only the last written. Returns the same object where nothing changes. */
export function orderBySteps(points: MetricPoints): MetricPoints {
  const { steps, values, times } = points;
  let ascending = true;
  for (let i = 1; i < steps.length && ascending; i++) ascending = steps[i]! > steps[i - 1]!;
  if (ascending) return points;

  // Array.prototype.sort is stable, so of equal steps the last written comes last.
  const order = Array.from(steps.keys()).sort((a, b) => steps[a]! - steps[b]!);
  const kept = order.filter((place, i) => i + 1 === order.length || steps[place] !== steps[order[i + 1]!]);
  return {
    steps: Int32Array.from(kept, (place) => steps[place]!),
    values: Float64Array.from(kept, (place) => values[place]!),
    times: Float64Array.from(kept, (place) => times[place]!),
  };
}

/** The points with fromStep <= step <= toStep; steps must ascend. */
export function sliceSteps(points: MetricPoints, fromStep = -Infinity, toStep = Infinity): MetricPoints {
  const { steps, values, times } = points;
  const start = lowerBound(steps, fromStep);
  const end = lowerBound(steps, toStep + 1);
  if (start === 0 && end === steps.length) return points;
  return {
    steps: steps.subarray(start, end),
    values: values.subarray(start, end),
    times: times.subarray(start, end),
  };
}

/** What is kept of a set of points, one at least, in writing order. */
export function summarise({ steps, values, times }: MetricPoints): {
  minStep: number;
  lastStep: number;
  lastTime: number;
  lastValue: number;
  min: number | null;
  max: number | null;
} {
  let last = 0;
  let minStep = steps[0]!;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < steps.length; i++) {
    if (steps[i]! >= steps[last]!) last = i;
    if (steps[i]! < minStep) minStep = steps[i]!;
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return {
    minStep,
    lastStep: steps[last]!,
    lastTime: times[last]!,
    lastValue: values[last]!,
    min: min === Infinity ? null : min,
    max: max === -Infinity ? null : max,
  };
}

export function toBytes(column: Int32Array | Float64Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}

function lowerBound(sorted: Int32Array, target: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < target) low = middle + 1;
    else high = middle;
  }
  return low;
}
