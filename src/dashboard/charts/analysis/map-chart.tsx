import type { EChartsOption } from 'echarts';
import { useMemo } from 'react';
import type { StudyData } from '../../../client/index.ts';
import { padded, valueRange } from '../data/axis-range.ts';
import type { TrialTable } from '../data/trial-table.ts';
import { shareColor, tooltipLooks } from '../echarts/chart-style.ts';
import { EChart } from '../echarts/echart.tsx';
import { usePlotColors } from '../parts/plot-colors.ts';
import { markSeries, paramText, trialTooltip } from './scatter.ts';

export interface MapChartProps {
  readonly study: StudyData;
  readonly table: TrialTable;
  readonly numbers: readonly number[];
  /** By pairs, in the order of the numbers. */
  readonly places: Float32Array;
  readonly shares: ArrayLike<number>;
  readonly parameters: readonly string[];
  readonly height: number;
  onOpen(trial: number): void;
}

/** Trials in the plane, near where their settings are alike. The axes mean nothing, so there are none. */
export function MapChart(props: MapChartProps) {
  const { study, table, numbers, places, shares, parameters, height, onOpen } = props;
  const colors = usePlotColors();
  const option = useMemo((): EChartsOption => {
    const marks = numbers.map((number, i) => ({
      number,
      x: places[2 * i]!,
      y: places[2 * i + 1]!,
      color: shareColor(shares[number]!, colors),
    }));
    const axis = (range: readonly [number, number] | null) => {
      const [min, max] = padded(range ?? [0, 1], false);
      return { type: 'value' as const, show: false, min, max };
    };
    return {
      grid: { left: 8, right: 8, top: 8, bottom: 8 },
      tooltip: {
        ...tooltipLooks(colors),
        formatter: trialTooltip(study, table, (number) =>
          parameters.map((name) => [name, paramText(table, name, number)] as const),
        ),
      },
      xAxis: axis(
        valueRange(
          marks.map(({ x }) => x),
          null,
        ),
      ),
      yAxis: axis(
        valueRange(
          marks.map(({ y }) => y),
          null,
        ),
      ),
      series: [
        markSeries(marks, { itemStyle: { borderColor: colors.surface, borderWidth: 0.5, opacity: 0.9 } }),
      ],
    };
  }, [study, table, numbers, places, shares, parameters, colors]);
  const label = `${numbers.length} trials, near each other where their settings are alike.`;
  return <EChart label={label} height={height} option={option} onTrial={onOpen} />;
}
