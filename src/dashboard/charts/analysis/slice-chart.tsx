import type { EChartsOption } from 'echarts';
import { useMemo } from 'react';
import type { Objective, StudyData } from '../../../client/index.ts';
import { padded, valueRange } from '../data/axis-range.ts';
import { jitter } from '../data/jitter.ts';
import type { ParameterAxis } from '../data/parameters.ts';
import { resultsOf } from '../data/rank-shares.ts';
import type { TrialTable } from '../data/trial-table.ts';
import { visiblePoints } from '../data/visible-points.ts';
import { axisOfParameter, chartAxis, isCounted, shareColor, tooltipLooks } from '../echarts/chart-style.ts';
import { EChart } from '../echarts/echart.tsx';
import { usePlotColors } from '../parts/plot-colors.ts';
import { markSeries, paramText, trialTooltip } from './scatter.ts';

export interface SliceChartProps {
  readonly study: StudyData;
  readonly table: TrialTable;
  readonly version: number;
  readonly objective: Objective;
  readonly parameter: ParameterAxis;
  readonly log: boolean;
  readonly height: number;
  onOpen(trial: number): void;
}

/** Three stand beside each other. */
const cellShare = 0.2;

/** An objective along one parameter; later trials are darker, or lighter on a dark ground. */
export function SliceChart(props: SliceChartProps) {
  const { study, table, version, objective, parameter, log, height, onOpen } = props;
  const colors = usePlotColors();
  const { name } = parameter;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the table
  const option = useMemo((): EChartsOption => {
    const known = table.axis(name) ?? parameter;
    // The title above says what it is along.
    const axis = { ...axisOfParameter(known), name: '' };
    const ys = table.value(objective.metric);
    const isSpread = axis.labels.length > 0 || isCounted(known);
    const column = table.param(name);
    const xs = isSpread
      ? Float64Array.from(column.subarray(0, table.size), (place, number) => place + jitter(number))
      : column;
    const numbers = resultsOf(table, objective.metric).filter(
      (number) => !Number.isNaN(xs[number]!) && (!log || ys[number]! > 0),
    );
    const range = padded(
      valueRange(
        numbers.map((number) => ys[number]!),
        objective.direction,
      ) ?? [0, 1],
      log,
    );
    const toX = axis.log ? Math.log : (value: number) => value;
    const toY = log ? Math.log : (value: number) => value;
    const shown = visiblePoints(
      Float64Array.from(xs, toX),
      Float64Array.from(ys, toY),
      numbers,
      {
        x: [toX(axis.range[0]), toX(axis.range[1])],
        y: [toY(range[0]), toY(range[1])],
      },
      cellShare,
    );
    const newest = Math.max(1, table.size - 1);
    const marks = Array.from(shown, (number) => ({
      number,
      x: xs[number]!,
      y: Math.max(range[0], Math.min(range[1], ys[number]!)),
      color: shareColor(0.9 * (1 - number / newest), colors),
    }));
    return {
      grid: { left: 52, right: 14, top: 10, bottom: 24 },
      tooltip: {
        ...tooltipLooks(colors),
        formatter: trialTooltip(study, table, (number) => [[name, paramText(table, name, number)]]),
      },
      xAxis: chartAxis(colors, axis) as never,
      yAxis: chartAxis(colors, { name: '', log, range, labels: [] }) as never,
      series: [markSeries(marks, { itemStyle: { opacity: 0.75 } })],
    };
  }, [study, table, version, objective, parameter, name, log, colors]);

  const label = `${objective.metric} along ${name}.`;
  return <EChart label={label} height={height} option={option} onTrial={onOpen} />;
}
