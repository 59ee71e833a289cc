import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { useMemo } from 'react';
import type { Objective, StudyData } from '../../../client/index.ts';
import { interpolate, planeCells } from '../data/interpolate.ts';
import { jitter } from '../data/jitter.ts';
import type { ParameterAxis } from '../data/parameters.ts';
import { rankShares, resultsOf, sampleOf } from '../data/rank-shares.ts';
import type { TrialTable } from '../data/trial-table.ts';
import { axisOfParameter, chartAxis, isCounted, shareColor, tooltipLooks } from '../echarts/chart-style.ts';
import { EChart } from '../echarts/echart.tsx';
import { unitScale } from '../map/features.ts';
import { usePlotColors } from '../parts/plot-colors.ts';
import { markSeries, paramText, trialTooltip } from './scatter.ts';

export interface PlaneChartProps {
  readonly study: StudyData;
  readonly table: TrialTable;
  readonly version: number;
  readonly objective: Objective;
  readonly x: ParameterAxis;
  readonly y: ParameterAxis;
  /** Whether the ground shows what lies between the trials. */
  readonly hasGround: boolean;
  readonly height: number;
  onOpen(trial: number): void;
}

/** So many trials are drawn, and the ground is made of. */
export const planeTrials = 3000;
const grounds = 1500;

/** Two parameters against each other: each trial by how good it is, and between them what is to be expected. */
export function PlaneChart(props: PlaneChartProps) {
  const { study, table, version, objective, x, y, hasGround, height, onOpen } = props;
  const colors = usePlotColors();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the table
  const option = useMemo((): EChartsOption => {
    const { metric, direction } = objective;
    const shares = rankShares(table, metric, direction);
    const [xs, ys] = [table.param(x.name), table.param(y.name)];
    const all = resultsOf(table, metric).filter((number) => !Number.isNaN(xs[number]! + ys[number]!));
    const numbers = sampleOf(all, shares, planeTrials);
    const [xAxis, yAxis] = [table.axis(x.name) ?? x, table.axis(y.name) ?? y];
    const place = (axis: ParameterAxis, value: number, number: number) =>
      axis.kind === 'choice' || isCounted(axis) ? value + jitter(number) : value;
    const marks = numbers.map((number) => ({
      number,
      x: place(xAxis, xs[number]!, number),
      // Another sequence than that of the first axis, or the marks would lie on a diagonal.
      y: place(yAxis, ys[number]!, number * 7 + 3),
      color: shareColor(shares[number]!, colors),
    }));
    return {
      grid: { left: 64, right: 16, top: 12, bottom: 38 },
      tooltip: {
        ...tooltipLooks(colors),
        formatter: trialTooltip(study, table, (number) => [
          [x.name, paramText(table, x.name, number)],
          [y.name, paramText(table, y.name, number)],
        ]),
      },
      xAxis: {
        ...chartAxis(colors, axisOfParameter(xAxis)),
        ...(hasGround && { splitLine: { show: false } }),
      } as never,
      yAxis: {
        ...chartAxis(colors, axisOfParameter(yAxis)),
        nameGap: 48,
        ...(hasGround && { splitLine: { show: false } }),
      } as never,
      series: [
        ...(hasGround ? [groundSeries(numbers)] : []),
        markSeries(marks, {
          z: 5,
          itemStyle: { borderColor: colors.surface, borderWidth: hasGround ? 1 : 0.5, opacity: 0.95 },
        }),
      ],
    };

    function groundSeries(shown: readonly number[]): CustomSeriesOption {
      const near = sampleOf(shown, shares, grounds);
      const [alongX, alongY] = [alongDrawn(xAxis), alongDrawn(yAxis)];
      const plane = interpolate(
        near.map((number) => alongX(xs[number]!)),
        near.map((number) => alongY(ys[number]!)),
        near.map((number) => shares[number]!),
      );
      return {
        type: 'custom',
        silent: true,
        z: 1,
        clip: true,
        // One element for the whole ground: it fills the grid, whatever the axes are.
        data: [[0, 0]],
        renderItem: (params) => {
          const {
            x: left,
            y: top,
            width,
            height: tall,
          } = params.coordSys as unknown as {
            x: number;
            y: number;
            width: number;
            height: number;
          };
          // Whole pixels, or seams would show between the cells.
          const xOf = (column: number) => Math.round(left + (column * width) / planeCells);
          const yOf = (row: number) => Math.round(top + tall - (row * tall) / planeCells);
          return {
            type: 'group',
            children: Array.from(plane, (share, cell) => ({
              type: 'rect' as const,
              shape: cellShape(xOf, yOf, cell),
              style: { fill: Number.isNaN(share) ? 'transparent' : shareColor(share, colors), opacity: 0.55 },
            })),
          };
        },
      };
    }
  }, [study, table, version, objective, x, y, hasGround, colors]);

  const label = `${objective.metric} by ${x.name} and ${y.name}.`;
  return <EChart label={label} height={height} option={option} onTrial={onOpen} />;
}

function cellShape(xOf: (column: number) => number, yOf: (row: number) => number, cell: number) {
  const [column, row] = [cell % planeCells, Math.floor(cell / planeCells)];
  const [x, y] = [xOf(column), yOf(row + 1)];
  return { x, y, width: xOf(column + 1) - x, height: yOf(row) - y };
}

/** A parameter's value as 0 to 1 along the axis as it is drawn: with room beside the first and the last of few numbers. */
function alongDrawn(axis: ParameterAxis): (value: number) => number {
  const along = unitScale(axis);
  if (!isCounted(axis)) return along;
  const extent = axis.range![1] - axis.range![0];
  return (value) => (along(value) * extent + 0.5) / (extent + 1);
}
