import type uPlot from 'uplot';
import { formatValue } from '../../format/number.ts';
import { logTicks, roundTicks } from '../data/round-ticks.ts';
import { type PlotColors, plotFont } from './plot-colors.ts';

/** 1, 2, 5, 10, ... */
const wholeSteps = Array.from({ length: 10 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();
/** Pixels from mark to mark at least. */
const leastSpace = { x: 70, y: 36 };
/** uPlot's own marks are 5e31 apart at most; any increment that it accepts makes it ask for them. */
const ticksOfAnySize: Pick<uPlot.Axis, 'incrs' | 'splits'> = {
  incrs: () => [Number.MAX_VALUE],
  splits: ({ height }, _, low, high) => [...roundTicks(low, high, Math.floor(height / leastSpace.y))],
};
/** uPlot writes the end of a range too, however odd it is. */
const ticksOfLog = (side: 'x' | 'y'): Pick<uPlot.Axis, 'splits' | 'filter'> => ({
  splits: ({ width, height }, _, low, high) => [
    ...logTicks(low, high, Math.floor((side === 'x' ? width : height) / leastSpace[side])),
  ],
  filter: (_, splits) => splits,
});
const labelFont = `500 ${plotFont}`;

/** An axis in the dashboard's looks: thin lines, small dim numbers. */
export function plotAxis(
  colors: PlotColors,
  label: string,
  {
    side,
    size,
    isWhole = false,
    isValue = false,
    isLog = false,
    format = formatTick,
  }: {
    side: 'x' | 'y';
    size?: number;
    /** Whether what it counts, such as steps, is never in between. */
    isWhole?: boolean;
    /** Whether it is linear and its numbers may be of any size. */
    isValue?: boolean;
    isLog?: boolean;
    format?: (value: number) => string;
  },
): uPlot.Axis {
  return {
    ...(isWhole && { incrs: wholeSteps }),
    ...(isValue && ticksOfAnySize),
    ...(isLog && ticksOfLog(side)),
    stroke: colors.dim,
    font: plotFont,
    labelFont,
    label,
    labelSize: 18,
    labelGap: side === 'x' ? 0 : 2,
    gap: 4,
    size: size ?? (side === 'x' ? 24 : tickWidth),
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
    values: (_, values) => values.map((value) => (value === null ? '' : format(value))),
  };
}

function formatTick(value: number): string {
  return formatValue(value);
}

const perCharacter = 6.2;

/** As wide as its longest number. */
function tickWidth(_: uPlot, values: string[] | null): number {
  const longest = Math.max(2, ...(values ?? []).map((value) => value.length));
  return Math.ceil(longest * perCharacter) + 8;
}
