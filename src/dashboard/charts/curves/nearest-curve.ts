import type { ShownCurve } from './curve-set.ts';
import { drawnValues, placesOf, shownPart } from './curve-view.ts';
import { type Frame, pixelsOf } from './draw-curves.ts';

export interface NearestPoint {
  readonly shown: ShownCurve;
  /** Among the curve's points. */
  readonly place: number;
  /** In pixels of the canvas. */
  readonly x: number;
  readonly y: number;
}

/** How many points to each side are looked at besides the one above or below the pointer. */
const neighbours = 2;

/** The point that is nearest to a pixel of the canvas, within `reach`; null where there is none. */
export function nearestPoint(
  curves: readonly ShownCurve[],
  frame: Frame,
  pixel: { readonly x: number; readonly y: number },
  reach: number,
): NearestPoint | null {
  const to = pixelsOf(frame);
  const share = (pixel.x - frame.left) / frame.width;
  const [low, high] = frame.x;
  const at = frame.view.logX ? low * (high / low) ** share : low + share * (high - low);
  let found: NearestPoint | null = null;
  let least = reach * reach;
  for (const shown of curves) {
    const [places, offset] = placesOf(shown, frame.view.axis);
    const values = drawnValues(shown.curve, frame.view);
    const [start, end] = shownPart(places, offset, [at, at]);
    const from = Math.max(0, start - neighbours);
    const until = Math.min(places.length, end + neighbours);
    for (let i = from; i < until; i++) {
      const x = to.x(places[i]! - offset);
      const y = to.y(values[i]!);
      // A line is near where its ends are far: the height above the pointer counts too.
      const distance = distanceTo(
        pixel,
        x,
        y,
        i + 1 < until ? to.x(places[i + 1]! - offset) : x,
        i + 1 < until ? to.y(values[i + 1]!) : y,
      );
      if (!(distance < least)) continue;
      least = distance;
      found = { shown, place: i, x, y };
    }
  }
  return found;
}

/** The square of the distance from a pixel to a segment of a line. */
function distanceTo(
  pixel: { readonly x: number; readonly y: number },
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const along = length > 0 ? ((pixel.x - x0) * dx + (pixel.y - y0) * dy) / length : 0;
  const t = Math.max(0, Math.min(1, Number.isNaN(along) ? 0 : along));
  const gap = Number.isNaN(dx + dy) ? 0 : t;
  return (x0 + gap * (dx || 0) - pixel.x) ** 2 + (y0 + gap * (dy || 0) - pixel.y) ** 2;
}
