import type { TooltipComponentOption, XAXisComponentOption } from 'echarts';
import { formatValue } from '../../format/number.ts';
import { sequential } from '../../theme/chart-palette.ts';
import type { ParameterAxis } from '../data/parameters.ts';
import { logTicks } from '../data/round-ticks.ts';
import type { PlotColors } from '../parts/plot-colors.ts';

const font = '"Inter Variable", system-ui, sans-serif';
/** Below this ratio of a logarithmic range, powers of ten are too few for its marks. */
const decadeRatio = 900;
/** So many whole numbers at most are each written, with room beside the first and the last. */
const writtenNumbers = 10;
const longestLabel = 14;
/** About so many marks have room along an axis, and fewer beside its ends. */
const innerMarks = 7;
const endedMarks = 5;

export interface AxisChoice {
  readonly name: string;
  readonly log: boolean;
  readonly range: readonly [number, number];
  /** The choices at the places 0, 1, ...; empty for numbers. */
  readonly labels: readonly string[];
  /** Whether the ends of the range are written; not so where absent. */
  readonly hasEnds?: boolean;
  /** Where marks stand; absent: at round numbers. */
  readonly ticks?: readonly number[];
}

export function axisOfParameter(axis: ParameterAxis): AxisChoice {
  const { name, log, range, labels } = axis;
  if (range === null) return { name, log, range: [-0.5, labels.length - 0.5], labels };
  const [low, high] = range;
  if (isCounted(axis)) {
    const ticks = Array.from({ length: high - low + 1 }, (_, i) => low + i);
    return { name, log, range: [low - 0.5, high + 0.5], labels, ticks };
  }
  const ticks = log && high / low < decadeRatio ? ticksWithEnds(low, high) : undefined;
  return { name, log, range, labels, ...(ticks === undefined ? { hasEnds: true } : { ticks }) };
}

/** Whether it has so few values that each gets a place of its own, as choices do: marks are spread around it. */
export function isCounted({ isWhole, log, range }: ParameterAxis): boolean {
  return isWhole && !log && range !== null && range[1] - range[0] < writtenNumbers;
}

/** The ends of a range and, between them, round numbers that do not stand too near to the ends. */
function ticksWithEnds(low: number, high: number): readonly number[] {
  return [
    low,
    ...logTicks(low, high, endedMarks).filter((tick) => tick > low * 1.3 && tick < high / 1.3),
    high,
  ];
}

/** An axis in the dashboard's looks, of numbers or choices. */
export function chartAxis(
  colors: PlotColors,
  { name, log, range, labels, hasEnds = false, ticks }: AxisChoice,
): Omit<XAXisComponentOption, 'type' | 'position' | 'mainType'> & { type: 'value' | 'log' } {
  const hasChoices = labels.length > 0;
  // Powers of two, which it takes by itself, are no round numbers.
  const marks = ticks ?? (log && !hasEnds ? logTicks(...range, innerMarks) : undefined);
  return {
    ...axisLooks(colors),
    name,
    type: log ? 'log' : 'value',
    ...(log && { logBase: range[1] / range[0] < decadeRatio ? 2 : 10 }),
    ...(marks !== undefined && {
      axisTick: { show: false, customValues: marks },
      splitLine: { lineStyle: { color: colors.line }, customValues: marks },
    }),
    min: range[0],
    max: range[1],
    ...(hasChoices && { splitLine: { show: false } }),
    axisLabel: {
      ...labelLooks(colors),
      hideOverlap: true,
      // The ends of a padded range are no round numbers.
      ...(hasChoices
        ? { customValues: labels.map((_, place) => place) }
        : marks !== undefined
          ? { customValues: marks }
          : { showMinLabel: hasEnds, showMaxLabel: hasEnds }),
      formatter: (value: number) => (hasChoices ? shortLabel(labels[value]) : formatValue(value, 3)),
    },
  } as never;
}

/** A choice in little room; empty for one that is not there. */
export function shortLabel(label: string | undefined): string {
  if (label === undefined) return '';
  return label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;
}

/** A name in so many characters at most, of which both ends tell it from others. */
export function shortName(name: string, most: number): string {
  if (name.length <= most) return name;
  const tail = Math.floor((most - 1) / 2);
  return `${name.slice(0, most - 1 - tail)}…${tail > 0 ? name.slice(-tail) : ''}`;
}

export function axisLooks(colors: PlotColors) {
  return {
    nameLocation: 'middle',
    nameGap: 26,
    nameTextStyle: { color: colors.dim, fontFamily: font, fontSize: 11, fontWeight: 500 },
    axisLine: { show: false, lineStyle: { color: colors.lineStrong } },
    axisTick: { show: false },
    // A range ends where its marks need room, which is no place for a line.
    splitLine: { lineStyle: { color: colors.line }, showMinLine: false, showMaxLine: false },
  } as const;
}

export function labelLooks(colors: PlotColors) {
  return { color: colors.dim, fontFamily: font, fontSize: 11 } as const;
}

export function tooltipLooks(colors: PlotColors): TooltipComponentOption {
  return {
    trigger: 'item',
    confine: true,
    transitionDuration: 0,
    backgroundColor: colors.surface,
    borderColor: colors.lineStrong,
    padding: [6, 8],
    textStyle: { color: colors.text, fontFamily: font, fontSize: 12 },
  };
}

/** Viridis from the best (0) to the worst (1): the best stands out most from the ground of either scheme. */
export function shareColor(share: number, { scheme, faint }: PlotColors): string {
  if (Number.isNaN(share)) return faint;
  const stops = scheme === 'light' ? sequential.slice(0, 5) : sequential.slice(1).toReversed();
  const place = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const first = Math.min(stops.length - 2, Math.floor(place));
  return mixed(stops[first]!, stops[first + 1]!, place - first);
}

function mixed(from: string, to: string, share: number): string {
  const channel = (color: string, at: number) => Number.parseInt(color.slice(at, at + 2), 16);
  const parts = [1, 3, 5].map((at) => Math.round(channel(from, at) * (1 - share) + channel(to, at) * share));
  return `rgb(${parts.join(',')})`;
}
