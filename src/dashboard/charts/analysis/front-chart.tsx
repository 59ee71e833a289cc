import type { EChartsOption } from 'echarts';
import { useMemo } from 'react';
import type { Objective, StudyData } from '../../../client/index.ts';
import { padded, valueRange } from '../data/axis-range.ts';
import { endings, type TrialTable } from '../data/trial-table.ts';
import { visiblePoints } from '../data/visible-points.ts';
import { chartAxis, tooltipLooks } from '../echarts/chart-style.ts';
import { EChart } from '../echarts/echart.tsx';
import { usePlotColors } from '../parts/plot-colors.ts';
import { type Mark, markSeries, trialTooltip } from './scatter.ts';

export interface FrontChartProps {
  readonly study: StudyData;
  readonly table: TrialTable;
  readonly version: number;
  /** The trials that no other beats. */
  readonly front: readonly number[];
  readonly pair: readonly [Objective, Objective];
  /** Leaves out values that are not positive, unless none is. */
  readonly log: boolean;
  readonly height: number;
  onOpen(trial: number): void;
}

/** Two stand beside each other. */
const cellShare = 0.35;

/** Two objectives against each other, with the front highlighted. */
export function FrontChart({ study, table, version, front, pair, log, height, onOpen }: FrontChartProps) {
  const colors = usePlotColors();
  const [xObjective, yObjective] = pair;
  const isPlane = study.objectives.length === 2;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the table
  const option = useMemo((): EChartsOption => {
    const [x, y] = [axisOf(table, xObjective, log), axisOf(table, yObjective, log)];
    const kept: number[] = [];
    const broken: number[] = [];
    for (let number = 0; number < table.size; number++) {
      if (table.isResult(number)) kept.push(number);
      else if (endings[table.states[number]!] === 'INFEASIBLE') broken.push(number);
    }
    const range = { x: x.drawnRange, y: y.drawnRange };
    const clamp = (value: number, [low, high]: Range) => Math.max(low, Math.min(high, value));
    const marksOf = (numbers: ArrayLike<number>): Mark[] =>
      Array.from(numbers, (number) => ({
        number,
        x: clamp(x.values[number]!, x.range),
        y: clamp(y.values[number]!, y.range),
        beyond: wayBeyond(x.values[number]!, x.range, y.values[number]!, y.range),
      }));
    const best = marksOf(front).filter((mark) => !Number.isNaN(mark.x + mark.y));
    const stairs = best.toSorted((a, b) => a.x - b.x);
    return {
      grid: { left: 56, right: 16, top: 12, bottom: 38 },
      tooltip: { ...tooltipLooks(colors), formatter: trialTooltip(study, table) },
      xAxis: chartAxis(colors, {
        name: xObjective.metric,
        log: x.isLog,
        range: x.range,
        labels: [],
      }) as never,
      yAxis: {
        ...chartAxis(colors, { name: yObjective.metric, log: y.isLog, range: y.range, labels: [] }),
        nameGap: 42,
      } as never,
      series: [
        markSeries(marksOf(visiblePoints(x.drawn, y.drawn, broken, range, cellShare)), {
          name: 'infeasible',
          itemStyle: { color: 'transparent', borderColor: colors.infeasible, borderWidth: 1.2, opacity: 0.8 },
        }),
        markSeries(marksOf(visiblePoints(x.drawn, y.drawn, kept, range, cellShare)), {
          name: 'feasible',
          itemStyle: { color: colors.faint, opacity: 0.4 },
        }),
        ...(isPlane
          ? [
              {
                type: 'line' as const,
                // From one trial of the front to the next, what both dominate lies behind the corner.
                step: (xObjective.direction === 'MINIMIZE' ? 'end' : 'start') as 'end' | 'start',
                symbol: 'none',
                silent: true,
                lineStyle: { color: colors.accent, width: 1.5 },
                data: stairs.map((mark) => [mark.x, mark.y]),
              },
            ]
          : []),
        markSeries(best, {
          name: 'front',
          z: 5,
          symbolSize: 9,
          itemStyle: { color: colors.accent, borderColor: colors.surface, borderWidth: 1 },
        }),
      ],
    };
  }, [study, table, version, front, xObjective, yObjective, log, isPlane, colors]);

  const label = `${yObjective.metric} against ${xObjective.metric}: ${front.length} trials are on the front.`;
  return <EChart label={label} height={height} option={option} onTrial={onOpen} />;
}

type Range = readonly [low: number, high: number];

/** Where a place lies beyond the axes, in degrees from above to the left; undefined within them. */
function wayBeyond(x: number, [left, right]: Range, y: number, [bottom, top]: Range): number | undefined {
  if (y > top) return 0;
  if (x < left) return 90;
  if (y < bottom) return 180;
  return x > right ? 270 : undefined;
}

/** An objective's values by trial, and where they are drawn, which is in the logarithm where its axis is. */
function axisOf(table: TrialTable, { metric, direction }: Objective, log: boolean) {
  const all = table.value(metric).subarray(0, table.size);
  const isLog = log && all.some((value) => value > 0);
  const values = isLog ? all.map((value) => (value > 0 ? value : Number.NaN)) : all;
  const range = padded(valueRange(values, direction) ?? [0, 1], isLog);
  const [low, high] = range;
  return {
    isLog,
    values,
    range,
    drawn: isLog ? values.map(Math.log) : values,
    drawnRange: isLog ? ([Math.log(low), Math.log(high)] as const) : range,
  };
}
