import type { CurveTrial, ShownCurve } from './curve-set.ts';
import { type CurveView, drawnValues, placesOf, shownPart } from './curve-view.ts';

/** Where the plotting area is, in pixels of the canvas, and what it shows. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly view: CurveView;
}

export interface Stroke {
  readonly color: string;
  readonly width: number;
  readonly alpha: number;
}

/** A place on the axes as a pixel of the canvas. */
export function pixelsOf(frame: Frame): { x(value: number): number; y(value: number): number } {
  const { left, top, width, height, view } = frame;
  const tx = view.logX ? Math.log : identity;
  const ty = view.logY ? Math.log : identity;
  const [x0, x1] = [tx(frame.x[0]), tx(frame.x[1])];
  const [y0, y1] = [ty(frame.y[0]), ty(frame.y[1])];
  const sx = width / (x1 - x0);
  const sy = height / (y1 - y0);
  return { x: (value) => left + (tx(value) - x0) * sx, y: (value) => top + height - (ty(value) - y0) * sy };
}

const identity = (value: number): number => value;

/** Draws one curve, or its part from a place on. Where many points fall into one column of pixels, only its extremes are drawn; NaN is a gap. */
export function drawCurve(
  ctx: CanvasRenderingContext2D,
  shown: ShownCurve,
  values: ArrayLike<number>,
  frame: Frame,
  { color, width, alpha }: Stroke,
  fromPlace = 0,
): void {
  const [places, offset] = placesOf(shown, frame.view.axis);
  const [first, end] = shownPart(places, offset, frame.x);
  const start = Math.max(first, fromPlace);
  if (end <= start) return;
  const to = pixelsOf(frame);
  const isDense = end - start > 2 * frame.width;
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.globalAlpha = alpha;
  ctx.beginPath();
  let isOpen = false;
  let column = Number.NaN;
  let least = 0;
  let greatest = 0;
  let last = 0;
  let single = 0;
  const flush = (): void => {
    if (Number.isNaN(column)) return;
    if (isOpen) ctx.lineTo(column, greatest);
    else ctx.moveTo(column, greatest);
    if (least !== greatest) ctx.lineTo(column, least);
    ctx.lineTo(column, last);
    isOpen = true;
  };
  for (let i = start; i < end; i++) {
    const x = to.x(places[i]! - offset);
    const y = to.y(values[i]!);
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      if (isDense) flush();
      if (single === 1) dot(ctx, column, last);
      isOpen = false;
      single = 0;
      if (isDense) column = Number.NaN;
      continue;
    }
    if (!isDense) {
      if (isOpen) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
      isOpen = true;
      single += 1;
      column = x;
      last = y;
      continue;
    }
    const pixel = Math.round(x);
    if (pixel === column) {
      least = Math.min(least, y);
      greatest = Math.max(greatest, y);
    } else {
      flush();
      column = pixel;
      least = y;
      greatest = y;
    }
    last = y;
  }
  if (isDense) flush();
  else if (single === 1) dot(ctx, column, last);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** A point without neighbours, which a line does not show. */
function dot(ctx: CanvasRenderingContext2D, x: number, y: number): void {
  const radius = 1.5 * window.devicePixelRatio;
  ctx.moveTo(x + radius, y);
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}

export interface CurvesStyle {
  colorOf(trial: CurveTrial): string;
  /** How many curves there are in the picture, also those that are not drawn now. */
  readonly count: number;
  /** The place among a curve's points from which on it is drawn; absent: the whole curve. */
  fromPlace?(shown: ShownCurve): number;
}

/** Draws curves with the raw values faint behind the smoothed ones, where the curves are few enough to tell them apart. */
export function drawCurves(
  ctx: CanvasRenderingContext2D,
  curves: readonly ShownCurve[],
  frame: Frame,
  { colorOf, count, fromPlace }: CurvesStyle,
): void {
  const ratio = window.devicePixelRatio;
  const alpha = count > 1000 ? 0.28 : count > 300 ? 0.45 : count > 60 ? 0.7 : 0.95;
  const width = (count > 300 ? 1 : 1.5) * ratio;
  const hasRaw = frame.view.smoothing > 0 && count <= 60;
  ctx.save();
  ctx.beginPath();
  ctx.rect(frame.left, frame.top, frame.width, frame.height);
  ctx.clip();
  ctx.lineJoin = 'bevel';
  for (const shown of curves) {
    const color = colorOf(shown.trial);
    if (hasRaw) drawCurve(ctx, shown, shown.curve.values, frame, { color, width: ratio, alpha: 0.22 });
    const values = drawnValues(shown.curve, frame.view);
    drawCurve(ctx, shown, values, frame, { color, width, alpha }, fromPlace?.(shown));
  }
  ctx.restore();
}
