import type { TooltipComponentOption, XAXisComponentOption } from 'echarts';
import { formatValue } from '../../format/number.ts';
import { sequential } from '../../theme/chart-palette.ts';
import type { ParameterAxis } from '../data/parameters.ts';
import type { PlotColors } from '../parts/plot-colors.ts';

const font = '"Inter Variable", system-ui, sans-serif';
/** Below this ratio of a logarithmic range, powers of ten are too few for its marks. */
const decadeRatio = 5000;
const longestLabel = 14;

export interface AxisChoice {
  readonly name: string;
  readonly log: boolean;
  readonly range: readonly [number, number];
  /** The choices at the places 0, 1, ...; empty for numbers. */
  readonly labels: readonly string[];
  /** Whether the ends of the range are written; not so where absent. */
  readonly hasEnds?: boolean;
}

export function axisOfParameter({ name, log, range, labels }: ParameterAxis): AxisChoice {
  return { name, log, range: range ?? [-0.5, labels.length - 0.5], labels, hasEnds: range !== null };
}

/** An axis in the dashboard's looks, of numbers or choices. */
export function chartAxis(
  colors: PlotColors,
  { name, log, range, labels, hasEnds = false }: AxisChoice,
): Omit<XAXisComponentOption, 'type' | 'position' | 'mainType'> & { type: 'value' | 'log' } {
  const hasChoices = labels.length > 0;
  return {
    ...axisLooks(colors),
    name,
    type: log ? 'log' : 'value',
    ...(log && { logBase: range[1] / range[0] < decadeRatio ? 2 : 10 }),
    min: range[0],
    max: range[1],
    ...(hasChoices && { splitLine: { show: false } }),
    axisLabel: {
      ...labelLooks(colors),
      hideOverlap: true,
      // The ends of a padded range are no round numbers.
      ...(hasChoices
        ? { customValues: labels.map((_, place) => place) }
        : { showMinLabel: hasEnds, showMaxLabel: hasEnds }),
      formatter: (value: number) => (hasChoices ? shortLabel(labels[value]) : formatValue(value, 3)),
    },
  } as never;
}

function shortLabel(label: string | undefined): string {
  if (label === undefined) return '';
  return label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;
}

export function axisLooks(colors: PlotColors) {
  return {
    nameLocation: 'middle',
    nameGap: 26,
    nameTextStyle: { color: colors.text, fontFamily: font, fontSize: 11, fontWeight: 500 },
    axisLine: { show: false, lineStyle: { color: colors.lineStrong } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colors.line } },
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
