import type { Direction } from '../../../client/index.ts';
import { padded, valueRange, withEnds } from '../data/axis-range.ts';
import type { ShownCurve } from './curve-set.ts';
import { type CurveView, extentOf, shownValues } from './curve-view.ts';

export type Range = readonly [low: number, high: number];

/** A range that is wider than needed stays until what is shown fills less of it, so that the axis does not tremble. */
const leastFill = 0.6;
/** The share of its length by which the axis of running trials grows, and how much of it is used at least. */
const growth = 0.1;
const leastLength = 0.85;

/** What the axes of curves show: all there is, or what the viewer has zoomed to; still where little has changed. */
export class ShownRanges {
  readonly #view: CurveView;
  readonly #direction: Direction | null;
  #zoom: Range | null;
  #x: Range = [0, 1];
  /** Nothing fits in an empty range, so the first values make their own. */
  #y: Range = [0, 0];
  /** Without a zoom, from where to where the curves and the room for what comes reach; null where there is no point. */
  #reach: Range | null = null;
  #extent: Range | null = null;

  /** With a direction, outliers of its worse side do not stretch the axis of values. */
  constructor(view: CurveView, direction: Direction | null, zoom: Range | null) {
    this.#view = view;
    this.#direction = direction;
    this.#zoom = zoom;
  }

  get x(): Range {
    return this.#x;
  }

  get y(): Range {
    return this.#y;
  }

  get zoom(): Range | null {
    return this.#zoom;
  }

  /** Takes effect with the next `fit`. False where it is so already. */
  setZoom(zoom: Range | null): boolean {
    if (zoom?.[0] === this.#zoom?.[0] && zoom?.[1] === this.#zoom?.[1]) return false;
    this.#zoom = zoom;
    this.#y = [0, 0];
    return true;
  }

  /** Finds the ranges for these curves. */
  fit(curves: readonly ShownCurve[]): void {
    const { logX, logY } = this.#view;
    const isRunning = curves.some(({ trial }) => trial.state === 'RUNNING');
    this.#extent = extentOf(curves, this.#view);
    this.#reach = this.#extent && (isRunning ? this.#withRoom(this.#extent) : this.#extent);
    this.#x = this.#zoom ?? (this.#reach && withEnds(this.#reach, logX)) ?? [logX ? 1 : 0, logX ? 10 : 1];
    const range = valueRange(shownValues(curves, this.#x, this.#view), this.#direction);
    if (range === null) {
      this.#y = logY ? [0.1, 1] : [0, 1];
      return;
    }
    const fitted = padded(range, logY);
    const [low, high] = this.#y;
    const isInside = fitted[0] >= low && fitted[1] <= high;
    if (!isInside || fitted[1] - fitted[0] < leastFill * (high - low)) {
      this.#y = isRunning ? grownFrom(this.#y, fitted, logY) : fitted;
    }
  }

  /** A zoom in which what is at this share of the axis stays there; null where that is the whole. */
  zoomedAbout(factor: number, share: number): Range | null {
    if (this.#extent === null) return this.#zoom;
    const [low, high] = this.#onLine(this.#x);
    const at = low + share * (high - low);
    const [first, last] = this.#onLine(withEnds(this.#extent, this.#view.logX));
    const next = [
      Math.max(first, at - (at - low) * factor),
      Math.min(last, at + (high - at) * factor),
    ] as const;
    return next[0] <= first && next[1] >= last ? null : this.#fromLine(next);
  }

  /** A zoom that is as long, and lies farther on by this share of it. */
  panned(share: number): Range {
    const [low, high] = this.#onLine(this.#x);
    const by = share * (high - low);
    return this.#fromLine([low + by, high + by]);
  }

  /** While trials run, the axis has room for what comes, so that not every point moves all others. */
  #withRoom(extent: Range): Range {
    const [low, high] = this.#onLine(extent);
    if (this.#reach !== null) {
      const [before, end] = this.#onLine(this.#reach);
      const hasRoom = low === before && high <= end && high - low >= leastLength * (end - low);
      if (hasRoom) return this.#reach;
    }
    return [extent[0], this.#fromLine([low, high + growth * (high - low)])[1]];
  }

  /** Where the axis is logarithmic, distances on it are those of logarithms. */
  #onLine([low, high]: Range): Range {
    return this.#view.logX ? [Math.log(low), Math.log(high)] : [low, high];
  }

  #fromLine([low, high]: Range): Range {
    return this.#view.logX ? [Math.exp(low), Math.exp(high)] : [low, high];
  }
}

/** A range with room at those ends that lie beyond the range before. */
function grownFrom(before: Range, [low, high]: Range, log: boolean): Range {
  const line = log ? Math.log : (value: number) => value;
  const back = log ? Math.exp : (value: number) => value;
  const room = growth * (line(high) - line(low));
  return [low < before[0] ? back(line(low) - room) : low, high > before[1] ? back(line(high) + room) : high];
}
