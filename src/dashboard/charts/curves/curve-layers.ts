import type { Curve } from './curve.ts';
import type { ShownCurve } from './curve-set.ts';
import { type CurvesStyle, drawCurves, type Frame } from './draw-curves.ts';

/** What of a curve is on the layer. */
interface Drawn {
  readonly revision: number;
  readonly points: number;
}

/**
 * Curves on two canvases that keep what was drawn, as drawing thousands of lines takes long: those of trials that have
 * ended, and those that run, to which mostly only their new ends are added.
 */
export class CurveLayers {
  readonly #ended = layer();
  readonly #live = layer();
  readonly #colorOf: CurvesStyle['colorOf'];
  #endedKey = '';
  #liveKey = '';
  #drawn: ReadonlyMap<Curve, Drawn> = new Map();

  /** @param area what the canvases fill, below what is in it */
  constructor(area: HTMLElement, colorOf: CurvesStyle['colorOf']) {
    this.#colorOf = colorOf;
    area.prepend(this.#ended, this.#live);
  }

  /** @param frame where the area is on a canvas as wide as the page's pixels */
  draw(curves: readonly ShownCurve[], { width, height, x, y, view }: Frame): void {
    const frame = { left: 0, top: 0, width, height, x, y, view };
    const style = { colorOf: this.#colorOf, count: curves.length };
    const isLive = ({ trial }: ShownCurve): boolean => trial.state === 'RUNNING';
    const ended = curves.filter((shown) => !isLive(shown));
    const live = curves.filter(isLive);
    const key = JSON.stringify([frame, style.count]);
    const versions = ended.reduce((sum, { curve }) => sum + curve.version, 0);
    const endedKey = `${key} ${ended.length} ${versions}`;
    if (endedKey !== this.#endedKey) drawCurves(emptied(this.#ended, frame), ended, frame, style);
    this.#endedKey = endedKey;
    if (key === this.#liveKey && this.#isContinuedBy(live, frame)) {
      const fromPlace = ({ curve }: ShownCurve): number => Math.max(0, this.#drawn.get(curve)!.points - 1);
      const grown = live.filter(({ curve }) => curve.steps.length > this.#drawn.get(curve)!.points);
      drawCurves(this.#live.getContext('2d')!, grown, frame, { ...style, fromPlace });
    } else {
      drawCurves(emptied(this.#live, frame), live, frame, style);
    }
    this.#liveKey = key;
    this.#drawn = new Map(
      live.map(({ curve }) => [curve, { revision: curve.revision, points: curve.steps.length }]),
    );
  }

  /** Whether the curves are those of the layer with points behind the last; smoothing also moves the points before. */
  #isContinuedBy(live: readonly ShownCurve[], { view }: Frame): boolean {
    if (view.smoothing > 0 || live.length !== this.#drawn.size) return false;
    return live.every(({ curve }) => this.#drawn.get(curve)?.revision === curve.revision);
  }
}

function layer(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none';
  return canvas;
}

function emptied(canvas: HTMLCanvasElement, { width, height }: Frame): CanvasRenderingContext2D {
  // Setting the size empties a canvas.
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext('2d')!;
}
