import type { ShownCurve } from './curve-set.ts';
import { drawnValues } from './curve-view.ts';
import { drawCurve, type Frame } from './draw-curves.ts';

/** A canvas above the curves, with the one that the pointer is at. */
export class CurveHighlight {
  readonly #canvas = document.createElement('canvas');

  constructor(over: HTMLElement) {
    this.#canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none';
    over.append(this.#canvas);
  }

  /** Shows this curve broader, set off from the others by the ground. */
  show(shown: ShownCurve, frame: Frame, { color, ground }: { color: string; ground: string }): void {
    const canvas = this.#canvas;
    const { width, height } = frame;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    } else this.hide();
    const ctx = canvas.getContext('2d')!;
    const inside = { ...frame, left: 0, top: 0 };
    const values = drawnValues(shown.curve, frame.view);
    const ratio = window.devicePixelRatio;
    drawCurve(ctx, shown, values, inside, { color: ground, width: 5 * ratio, alpha: 0.9 });
    drawCurve(ctx, shown, values, inside, { color, width: 2.5 * ratio, alpha: 1 });
  }

  hide(): void {
    const { width, height } = this.#canvas;
    this.#canvas.getContext('2d')!.clearRect(0, 0, width, height);
  }
}
