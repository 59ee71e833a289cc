import { useElementSize } from '@mantine/hooks';
import type { EChartsOption } from 'echarts';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { formatValue } from '../../format/number.ts';
import type { BrushRange } from '../data/brush.ts';
import type { TrialTable } from '../data/trial-table.ts';
import { tintBrushes } from '../echarts/brush-looks.ts';
import {
  type AxisChoice,
  axisLooks,
  labelLooks,
  shareColor,
  shortLabel,
  shortName,
} from '../echarts/chart-style.ts';
import { EChart } from '../echarts/echart.tsx';
import type { EChartsType } from '../echarts/echarts.ts';
import { usePlotColors } from '../parts/plot-colors.ts';

export interface ParallelChartProps {
  readonly table: TrialTable;
  readonly version: number;
  readonly axes: readonly (AxisChoice & { readonly column: ArrayLike<number> })[];
  /** The trials that are drawn. */
  readonly numbers: readonly number[];
  /** How good each trial is, 0 for the best. */
  readonly shares: ArrayLike<number>;
  readonly brush: readonly BrushRange[];
  readonly height: number;
  onBrush(brush: readonly BrushRange[]): void;
}

const marginLeft = 48;
const marginRight = 64;

/** About as wide as a character of a name is. */
const perCharacter = 6.3;
const lengthIn = (width: number) => Math.max(4, Math.floor(width / perCharacter));

/** The names of the first and the last axis, which stand in their middle, end at the margins. */
const roomAt = (dim: number, axes: number) =>
  dim === 0 ? 2 * marginLeft : dim === axes - 1 ? 2 * marginRight : Number.POSITIVE_INFINITY;

interface BrushEvent {
  readonly parallelAxisId?: string;
  readonly intervals?: readonly (readonly [number, number])[];
}

/** Trials as lines across axes of their parameters and values; dragging along an axis keeps those in the range. */
export function ParallelChart(props: ParallelChartProps) {
  const { table, version, axes, numbers, shares, brush, height, onBrush } = props;
  const colors = usePlotColors();
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef({ brush, onBrush, axes, colors });
  latest.current = { brush, onBrush, axes, colors };
  const { ref, width } = useElementSize();
  const nameWidth = Math.max(40, (width - marginLeft - marginRight) / Math.max(1, axes.length - 1) - 8);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the table
  const option = useMemo((): EChartsOption => {
    // The best are drawn last, above the others.
    const order = numbers.toSorted((a, b) => shares[b]! - shares[a]!);
    const opacity = order.length > 800 ? 0.25 : order.length > 200 ? 0.45 : 0.75;
    return {
      parallel: { left: marginLeft, right: marginRight, top: 34, bottom: 12 },
      parallelAxis: axes.map((axis, dim) => ({
        ...axisLooks(colors),
        id: axis.name,
        z: 10,
        dim,
        name: shortName(axis.name, lengthIn(Math.min(nameWidth, roomAt(dim, axes.length)))),
        nameLocation: 'end',
        nameGap: 14,
        type: axis.log ? 'log' : 'value',
        min: axis.range[0],
        max: axis.range[1],
        axisLine: { show: true, lineStyle: { color: colors.lineStrong, width: 1 } },
        splitLine: { show: false },
        axisLabel: {
          ...labelLooks(colors),
          color: colors.text,
          textBorderColor: colors.surface,
          textBorderWidth: 3,
          hideOverlap: true,
          ...(ticksOf(axis) && { customValues: ticksOf(axis) }),
          formatter: (value: number) =>
            axis.labels.length > 0 ? shortLabel(axis.labels[value]) : formatValue(value, 3),
        },
        areaSelectStyle: { width: 18, borderColor: colors.accent, color: colors.accent },
      })) as never,
      series: [
        {
          type: 'parallel',
          z: 2,
          progressive: 600,
          inactiveOpacity: 0.04,
          activeOpacity: Math.min(1, opacity + 0.3),
          lineStyle: { width: 1.2, opacity },
          data: order.map((number) => ({
            name: String(number),
            value: axes.map(({ column }) => (Number.isNaN(column[number]!) ? '-' : column[number]!)),
            lineStyle: { color: shareColor(shares[number]!, colors) },
          })) as never,
        },
      ],
    };
  }, [table, version, axes, numbers, shares, colors, nameWidth]);

  const restore = useCallback(() => {
    for (const { name } of latest.current.axes) {
      const intervals = latest.current.brush
        .filter(({ axis }) => axis === name)
        .map(({ low, high }) => [low, high]);
      chart.current?.dispatchAction(
        { type: 'axisAreaSelect', parallelAxisId: name, intervals },
        { silent: true },
      );
    }
  }, []);

  // A new option, and a brush that was taken off elsewhere, are told to the chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(restore, [option, brush]);

  const onChart = useCallback((made: EChartsType) => {
    chart.current = made;
    made.on('rendered', () => tintBrushes(made, latest.current.colors));
    made.on('axisareaselected', (event) => {
      const { parallelAxisId, intervals = [] } = event as BrushEvent;
      if (parallelAxisId === undefined) return;
      const others = latest.current.brush.filter(({ axis }) => axis !== parallelAxisId);
      const own = intervals.map(([a, b]) => ({
        axis: parallelAxisId,
        low: Math.min(a, b),
        high: Math.max(a, b),
      }));
      latest.current.onBrush([...others, ...own]);
    });
  }, []);

  const label = `Parallel coordinates of ${numbers.length} trials over ${axes.map(({ name }) => name).join(', ')}.`;
  return (
    <div ref={ref}>
      <EChart label={label} height={height} option={option} onChart={onChart} />
    </div>
  );
}

/** Undefined: round numbers. */
function ticksOf({ labels, ticks }: AxisChoice): readonly number[] | undefined {
  return labels.length > 0 ? [...labels.keys()] : ticks;
}
