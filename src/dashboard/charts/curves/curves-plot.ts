import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import type { Direction } from '../../../client/index.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatValue } from '../../format/number.ts';
import { seriesColor } from '../../theme/chart-palette.ts';
import { valueRange } from '../data/axis-range.ts';
import classes from '../parts/line-plot.module.css';
import { plotAxis } from '../parts/plot-axes.ts';
import type { PlotColors } from '../parts/plot-colors.ts';
import { PlotTooltip } from '../parts/plot-tooltip.ts';
import { curveAxis } from './curve-axis.ts';
import { CurveHighlight } from './curve-highlight.ts';
import { CurveLayers } from './curve-layers.ts';
import type { CurveSource, CurveTrial, ShownCurve } from './curve-set.ts';
import { type CurveView, drawnValues, stepsWithin } from './curve-view.ts';
import type { Frame } from './draw-curves.ts';
import { type NearestPoint, nearestPoint } from './nearest-curve.ts';
import { type Range, ShownRanges } from './shown-ranges.ts';

export interface CurvesPlotOptions {
  readonly colors: PlotColors;
  readonly view: CurveView;
  readonly height: number;
  /** Where the metric is an objective: outliers of the worse side do not stretch the axis. */
  readonly direction: Direction | null;
  /** A zoom that the viewer made; null: back to the whole. */
  onZoom(range: Range | null): void;
  onOpen(trial: CurveTrial): void;
}

const nothingFinite = 'No value is a finite number.';
const hoverReach = 30;
const wheelFactor = 1.25;
/** Points are read again this long after the last change of the zoom. */
const refineAfterMs = 180;
/**
 * Thousands of curves on a canvas. uPlot has the axes, the selection and the pointer; the curves are drawn here, in
 * each frame in which there is news.
 */
export class CurvesPlot {
  readonly #target: HTMLElement;
  readonly #set: CurveSource;
  readonly #options: CurvesPlotOptions;
  readonly #ranges: ShownRanges;
  readonly #plot: uPlot;
  readonly #tooltip: PlotTooltip;
  readonly #layers: CurveLayers;
  readonly #highlight: CurveHighlight;
  readonly #nothing = document.createElement('p');
  readonly #stop: () => void;
  readonly #resize: ResizeObserver;
  #curves: readonly ShownCurve[] = [];
  #hovered: NearestPoint | null = null;
  #frameRequest = 0;
  #refineTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(target: HTMLElement, set: CurveSource, zoom: Range | null, options: CurvesPlotOptions) {
    this.#target = target;
    this.#set = set;
    this.#options = options;
    this.#ranges = new ShownRanges(options.view, options.direction, zoom);
    this.#curves = set.curves();
    this.#ranges.fit(this.#curves);
    this.#plot = new uPlot(this.#plotOptions(), this.#data(), target);
    const { over } = this.#plot;
    this.#layers = new CurveLayers(over, this.#colorOf);
    this.#highlight = new CurveHighlight(over);
    this.#nothing.textContent = nothingFinite;
    this.#nothing.className = classes.nothing!;
    this.#nothing.hidden = true;
    over.append(this.#nothing);
    this.#tooltip = new PlotTooltip(over);
    this.#listen(over);
    this.#stop = set.version.subscribe(() => this.#schedule());
    this.#resize = new ResizeObserver(() => {
      if (target.clientWidth === this.#plot.width) return;
      this.#plot.setSize({ width: target.clientWidth, height: options.height });
    });
    this.#resize.observe(target);
    if (zoom !== null) this.#refineSoon();
  }

  setZoom(zoom: Range | null): void {
    if (!this.#ranges.setZoom(zoom)) return;
    this.#schedule();
    if (zoom !== null) this.#refineSoon();
  }

  destroy(): void {
    this.#stop();
    this.#resize.disconnect();
    cancelAnimationFrame(this.#frameRequest);
    clearTimeout(this.#refineTimer);
    this.#plot.destroy();
  }

  /** Draws in the next frame, once for all news until then. */
  #schedule(): void {
    if (this.#frameRequest !== 0) return;
    this.#frameRequest = requestAnimationFrame(() => {
      this.#frameRequest = 0;
      this.#curves = this.#set.curves();
      const { x, y } = this.#ranges;
      this.#ranges.fit(this.#curves);
      // The axes, of which texts are the dearest, are drawn where they have changed.
      if (isSame(x, this.#ranges.x) && isSame(y, this.#ranges.y)) this.#draw();
      else this.#plot.setData(this.#data());
      this.#describe();
    });
  }

  #data(): uPlot.AlignedData {
    return [[...this.#ranges.x], [...this.#ranges.y]];
  }

  #plotOptions(): uPlot.Options {
    const { colors, view, height } = this.#options;
    return {
      width: this.#target.clientWidth,
      height,
      ms: 1,
      legend: { show: false },
      padding: [8, 22, 0, 0],
      cursor: {
        points: { show: false },
        y: false,
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => this.#resetZoom() },
      },
      scales: {
        x: { time: view.axis === 'time', distr: view.logX ? 3 : 1, range: () => [...this.#ranges.x] },
        y: { distr: view.logY ? 3 : 1, range: () => [...this.#ranges.y] },
      },
      axes: [
        curveAxis(colors, view, () => this.#lengthOfX()),
        plotAxis(colors, '', { side: 'y', isValue: !view.logY, isLog: view.logY }),
      ].map(({ label, ...axis }) => (label === '' ? axis : { ...axis, label: label! })),
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: {
        draw: [() => this.#draw()],
        setSelect: [(plot) => this.#select(plot)],
        setCursor: [() => this.#hover()],
      },
    };
  }

  #lengthOfX(): number {
    const [low, high] = this.#ranges.x;
    return high - low;
  }

  #frame(): Frame {
    const { left, top, width, height } = this.#plot.bbox;
    return { left, top, width, height, x: this.#ranges.x, y: this.#ranges.y, view: this.#options.view };
  }

  readonly #colorOf = ({ color, number }: CurveTrial): string =>
    seriesColor(color ?? number, this.#options.colors.scheme);

  #draw(): void {
    this.#layers.draw(this.#curves, this.#frame());
  }

  #select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    const range = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')] as const;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#options.onZoom(range);
  }

  #hover(): void {
    const { left = -1, top = -1 } = this.#plot.cursor;
    const ratio = window.devicePixelRatio;
    const frame = this.#frame();
    const pixel = { x: frame.left + left * ratio, y: frame.top + top * ratio };
    this.#hovered = left < 0 ? null : nearestPoint(this.#curves, frame, pixel, hoverReach * ratio);
    if (this.#hovered === null) {
      this.#highlight.hide();
      this.#tooltip.hide();
      return;
    }
    const { shown, place, x, y } = this.#hovered;
    const { curve, trial, startMs } = shown;
    const color = this.#colorOf(trial);
    this.#highlight.show(shown, frame, { color, ground: this.#options.colors.surface });
    const rows: [string, string][] = [[this.#set.metric, formatValue(curve.values[place], 6)]];
    if (this.#options.view.smoothing > 0) {
      rows.push(['smoothed', formatValue(drawnValues(curve, this.#options.view)[place], 6)]);
    }
    rows.push(['step', formatValue(curve.steps[place], 10)]);
    rows.push(['after', formatDuration(curve.times[place]! - startMs)]);
    const at = [(x - frame.left) / ratio, (y - frame.top) / ratio] as const;
    this.#tooltip.show(...at, color, trial.name ?? `Trial ${trial.number}`, rows);
  }

  #listen(over: HTMLElement): void {
    over.addEventListener('click', () => {
      if (this.#hovered !== null && this.#plot.select.width === 0) {
        this.#options.onOpen(this.#hovered.shown.trial);
      }
    });
    over.addEventListener(
      'wheel',
      (event) => {
        // At the whole range the page scrolls on.
        if (event.deltaY >= 0 && this.#ranges.zoom === null) return;
        event.preventDefault();
        const factor = event.deltaY < 0 ? 1 / wheelFactor : wheelFactor;
        this.#zoomAbout(factor, event.offsetX / over.clientWidth);
      },
      { passive: false },
    );
    const target = this.#target;
    target.tabIndex = 0;
    target.setAttribute('role', 'img');
    target.setAttribute('aria-keyshortcuts', '+ - 0 ArrowLeft ArrowRight');
    target.addEventListener('keydown', this.#onKey);
    this.#describe();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') this.#zoomAbout(1 / 1.5, 0.5);
    else if (event.key === '-') this.#zoomAbout(1.5, 0.5);
    else if (event.key === '0') this.#options.onZoom(null);
    else if (event.key === 'ArrowLeft' && this.#ranges.zoom !== null) this.#pan(-0.2);
    else if (event.key === 'ArrowRight' && this.#ranges.zoom !== null) this.#pan(0.2);
    else return;
    event.preventDefault();
  };

  #zoomAbout(factor: number, share: number): void {
    this.#options.onZoom(this.#ranges.zoomedAbout(factor, share));
  }

  #pan(share: number): void {
    this.#options.onZoom(this.#ranges.panned(share));
  }

  #resetZoom(): null {
    this.#options.onZoom(null);
    return null;
  }

  #refineSoon(): void {
    clearTimeout(this.#refineTimer);
    this.#refineTimer = setTimeout(() => {
      const { zoom } = this.#ranges;
      const steps = zoom && stepsWithin(this.#curves, this.#options.view.axis, zoom);
      if (steps !== null) void this.#set.refine(...steps);
    }, refineAfterMs);
  }

  /** The chart in words, for those who do not see it; and for all where there is nothing to see. */
  #describe(): void {
    const hasPoints = this.#curves.some(({ curve }) => curve.values.length > 0);
    const isEmpty = hasPoints && this.#curves.every(({ curve }) => !curve.values.some(Number.isFinite));
    this.#nothing.hidden = !isEmpty;
    const lasts = this.#curves.map(({ curve }) => curve.values.at(-1)).filter((value) => value !== undefined);
    const range = valueRange(lasts, null);
    const ends =
      range === null
        ? ''
        : ` Their last values are from ${formatValue(range[0])} to ${formatValue(range[1])}.`;
    const why = isEmpty ? ` ${nothingFinite}` : '';
    const label = `Curves of ${this.#set.metric} of ${this.#curves.length} trials.${ends}${why}`;
    if (this.#target.getAttribute('aria-label') !== label) this.#target.setAttribute('aria-label', label);
  }
}

function isSame(a: Range, b: Range): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
