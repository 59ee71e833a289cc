import type uPlot from 'uplot';
import { endings, type TrialTable } from '../data/trial-table.ts';
import { visiblePoints } from '../data/visible-points.ts';
import type { PlotColors } from '../parts/plot-colors.ts';

/** A trial as it is marked in the history of an objective. */
export interface HistoryMark {
  readonly number: number;
  /** NaN for a trial that ended without a value: it is marked at the lower edge. */
  readonly value: number;
  readonly ending: (typeof endings)[number];
}

/** A history is about half as high as the page is wide, and its marks are two pixels wide. */
const cellShare = 0.5;

/** The marks of a metric's history, those that count last, so that they lie above. */
export function historyMarks(
  table: TrialTable,
  metric: string,
  range: readonly [number, number],
  log: boolean,
): readonly HistoryMark[] {
  const values = table.value(metric);
  const scale = log ? Float64Array.from(values.subarray(0, table.size), Math.log) : values;
  const y = log ? ([Math.log(range[0]), Math.log(range[1])] as const) : range;
  const x = [0, table.size] as const;
  const numbers = Float64Array.from({ length: table.size }, (_, number) => number);
  const layers: number[][] = [[], [], []];
  for (let number = 0; number < table.size; number++) {
    const ending = endings[table.states[number]!];
    if (ending === null || ending === 'CANCELLED') continue;
    layers[Number.isNaN(values[number]!) ? 0 : table.isResult(number) ? 2 : 1]!.push(number);
  }
  const zeros = new Float64Array(table.size);
  const shown = [
    ...visiblePoints(numbers, zeros, layers[0]!, { x, y: [0, 1] }, cellShare),
    ...visiblePoints(numbers, scale, layers[1]!, { x, y }, cellShare),
    ...visiblePoints(numbers, scale, layers[2]!, { x, y }, cellShare),
  ];
  return shown.map((number) => ({
    number,
    value: values[number]!,
    ending: endings[table.states[number]!] ?? null,
  }));
}

/** Where marks are, in pixels of the canvas or, where not `canvas`, of the plotting area. */
export function placesOf(plot: uPlot, canvas: boolean) {
  const { width, height } = plot.over.getBoundingClientRect();
  const area = canvas ? plot.bbox : { left: 0, top: 0, width, height };
  const ratio = canvas ? window.devicePixelRatio : 1;
  const { min: left, max: right } = plot.scales.x as { min: number; max: number };
  const { min, max, distr } = plot.scales.y as { min: number; max: number; distr?: number };
  const toLine = distr === 3 ? Math.log : (value: number) => value;
  const bottom = area.top + area.height;
  const perValue = area.height / (toLine(max) - toLine(min));
  return {
    x: ({ number }: HistoryMark): number => area.left + ((number - left) / (right - left)) * area.width,
    y: ({ value }: HistoryMark): number =>
      Number.isNaN(value)
        ? bottom - 4 * ratio
        : bottom - (toLine(Math.max(min, Math.min(max, value))) - toLine(min)) * perValue,
  };
}

/** More marks than this are squares, which are drawn some twenty times as fast as dots, and look alike at their size. */
const mostDots = 4000;

/** Full dots count; rings do not; crosses failed; triangles lie beyond the axis. */
export function drawMarks(plot: uPlot, marks: readonly HistoryMark[], colors: PlotColors): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  const isDense = marks.length > mostDots;
  const radius = (isDense ? 1.25 : marks.length > 800 ? 1.9 : 3) * ratio;
  const { min, max } = plot.scales.y as { min: number; max: number };
  const places = placesOf(plot, true);
  ctx.save();
  ctx.beginPath();
  const reach = radius + ratio;
  ctx.rect(bbox.left - reach, bbox.top - reach, bbox.width + 2 * reach, bbox.height + 2 * reach);
  ctx.clip();
  ctx.lineWidth = 1.3 * ratio;
  const fullAlpha = marks.length > 800 ? 0.6 : 0.85;
  for (const mark of marks) {
    const x = places.x(mark);
    if (x < bbox.left - radius || x > bbox.left + bbox.width + radius) continue;
    const y = places.y(mark);
    const color = markColor(mark, colors);
    if (Number.isNaN(mark.value)) {
      const arm = 2.6 * ratio;
      ctx.beginPath();
      ctx.moveTo(x - arm, y - arm);
      ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x - arm, y + arm);
      ctx.lineTo(x + arm, y - arm);
      ctx.strokeStyle = color;
      ctx.stroke();
    } else if (mark.value > max || mark.value < min) {
      const tip = mark.value > max ? -1 : 1;
      const size = 3.5 * ratio;
      const base = mark.value > max ? y + size : y - size;
      ctx.beginPath();
      ctx.moveTo(x, base + tip * size * 1.4);
      ctx.lineTo(x - size, base);
      ctx.lineTo(x + size, base);
      ctx.fillStyle = color;
      ctx.fill();
    } else if (isDense) {
      ctx.globalAlpha = mark.ending === 'COMPLETED' ? fullAlpha : 1;
      ctx.fillStyle = color;
      ctx.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
      ctx.globalAlpha = 1;
    } else {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      if (mark.ending === 'COMPLETED') {
        ctx.globalAlpha = fullAlpha;
        ctx.fillStyle = color;
        ctx.fill();
        ctx.globalAlpha = 1;
      } else {
        ctx.strokeStyle = color;
        ctx.stroke();
      }
    }
  }
  ctx.restore();
}

export function markColor({ ending }: HistoryMark, colors: PlotColors): string {
  if (ending === 'PRUNED') return colors.pruned;
  if (ending === 'INFEASIBLE') return colors.infeasible;
  if (ending === 'FAILED') return colors.failed;
  return colors.completed;
}
