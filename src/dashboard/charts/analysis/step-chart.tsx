import type { EChartsOption } from 'echarts';
import { useMemo } from 'react';
import { formatValue } from '../../format/number.ts';
import { padded } from '../data/axis-range.ts';
import { chartAxis, tooltipLooks } from '../echarts/chart-style.ts';
import { EChart } from '../echarts/echart.tsx';
import { usePlotColors } from '../parts/plot-colors.ts';
import { tooltipContent } from '../parts/plot-tooltip.ts';

export interface StepChartProps {
  readonly label: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly (readonly [number, number])[];
  readonly log?: boolean;
  /** Of the y axis; absent: of the points. */
  readonly range?: readonly [number, number];
  readonly height: number;
}

/** A line of steps, such as a share that grows. */
export function StepChart({ label, x, y, points, log = false, range, height }: StepChartProps) {
  const colors = usePlotColors();
  const option = useMemo((): EChartsOption => {
    const usable = log ? points.filter(([value]) => value > 0) : points;
    const xs = usable.map(([value]) => value);
    const ys = usable.map(([, value]) => value);
    const extent = (list: readonly number[]) =>
      list.length === 0 ? ([0, 1] as const) : ([Math.min(...list), Math.max(...list)] as const);
    const yRange = range ?? padded(extent(ys), false);
    return {
      grid: { left: 60, right: 16, top: 12, bottom: 38 },
      tooltip: {
        ...tooltipLooks(colors),
        trigger: 'axis',
        axisPointer: { type: 'line', lineStyle: { color: colors.lineStrong } },
        formatter: (params: unknown) => {
          const [{ value }] = params as [{ value: [number, number] }];
          return tooltipContent('', [
            [x, formatValue(value[0], 5)],
            [y, formatValue(value[1], 5)],
          ]);
        },
      },
      xAxis: chartAxis(colors, { name: x, log, range: padded(extent(xs), log), labels: [] }) as never,
      yAxis: {
        ...chartAxis(colors, { name: y, log: false, range: yRange, labels: [] }),
        nameGap: 46,
      } as never,
      series: [
        {
          type: 'line',
          step: 'end',
          symbol: points.length === 1 ? 'circle' : 'none',
          lineStyle: { color: colors.accent, width: 2 },
          itemStyle: { color: colors.accent },
          areaStyle: { color: colors.accent, opacity: 0.08, origin: 'start' },
          data: usable.map((point) => [...point]),
        },
      ],
    };
  }, [colors, x, y, points, log, range]);
  return <EChart label={label} height={height} option={option} />;
}
