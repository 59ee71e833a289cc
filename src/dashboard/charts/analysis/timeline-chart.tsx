import type { EChartsOption } from 'echarts';
import { useMemo } from 'react';
import type { TrialState } from '../../../client/index.ts';
import { formatDuration } from '../../format/duration.ts';
import { resolvedColor } from '../../theme/chart-palette.ts';
import { trialStateOrder, trialStates } from '../../theme/trial-states.ts';
import { lanesOf } from '../data/lanes.ts';
import { axisLooks, labelLooks, tooltipLooks } from '../echarts/chart-style.ts';
import { EChart } from '../echarts/echart.tsx';
import { usePlotColors } from '../parts/plot-colors.ts';
import { tooltipContent } from '../parts/plot-tooltip.ts';

export interface TimelineTrial {
  readonly number: number;
  readonly state: TrialState;
  /** The device, or the worker, that it ran on. */
  readonly place: string;
  readonly startMs: number;
  /** Now, for one that runs. */
  readonly endMs: number;
}

export interface TimelineChartProps {
  readonly trials: readonly TimelineTrial[];
  onOpen(trial: number): void;
}

const laneHeight = 12;
const leastHeight = 160;
const mostLanes = 60;
/** For the names of devices, in pixels. */
const mostRoom = 150;
const perCharacter = 6.2;

/** When each trial ran, and where: a bar a trial, in as many lanes as ran at a time. */
export function TimelineChart({ trials, onOpen }: TimelineChartProps) {
  const colors = usePlotColors();
  const rows = useMemo(() => rowsOf(trials), [trials]);
  const laneCount = rows.reduce((sum, row) => sum + row.lanes, 0);
  const height = Math.max(leastHeight, Math.min(mostLanes, laneCount) * laneHeight + 60);

  const longest = Math.max(...rows.map(({ place }) => place.length), 4);
  const room = Math.min(mostRoom, Math.ceil(longest * perCharacter) + 20);

  const option = useMemo((): EChartsOption => {
    const colorOf = Object.fromEntries(
      trialStateOrder.map((state) => [state, resolvedColor(trialStates[state].color)]),
    );
    const bars = rows.flatMap(({ first, trials: own, laneOf }) =>
      own.map((trial, i) => ({
        name: String(trial.number),
        value: [trial.startMs, trial.endMs, first + laneOf[i]!],
        itemStyle: { color: colorOf[trial.state]! },
        trial,
      })),
    );
    return {
      grid: { left: room, right: 20, top: 8, bottom: 22 },
      tooltip: {
        ...tooltipLooks(colors),
        formatter: (params: unknown) => {
          const { trial } = (params as { data: { trial: TimelineTrial } }).data;
          return tooltipContent(`Trial ${trial.number}`, [
            ['state', trialStates[trial.state].label],
            ['took', formatDuration(trial.endMs - trial.startMs)],
            ['on', trial.place],
          ]);
        },
      },
      xAxis: {
        ...axisLooks(colors),
        type: 'time',
        min: 'dataMin',
        max: 'dataMax',
        axisLabel: { ...labelLooks(colors), hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        min: 0,
        max: laneCount,
        inverse: true,
        axisLabel: { show: false },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLine: { show: false },
      },
      series: [
        {
          type: 'custom',
          encode: { x: [0, 1], y: 2 },
          data: bars as never,
          clip: true,
          renderItem: (_, api) => {
            const [left, top] = api.coord([api.value(0), api.value(2)]) as [number, number];
            const [right, bottom] = api.coord([api.value(1), (api.value(2) as number) + 1]) as [
              number,
              number,
            ];
            const gap = bottom - top > 4 ? 1 : 0;
            return {
              type: 'rect',
              shape: {
                x: left,
                y: top + gap / 2,
                width: Math.max(1.5, right - left - 0.5),
                height: bottom - top - gap,
                r: 1.5,
              },
              style: { fill: api.visual('color') as string, opacity: 0.85 },
            };
          },
        },
        {
          type: 'custom',
          silent: true,
          encode: { x: 0, y: 1 },
          data: rows.map(({ first, trials: own }) => [own[0]!.startMs, first]),
          renderItem: (params, api) => {
            const { x, width } = params.coordSys as unknown as { x: number; width: number };
            const row = rows[params.dataIndex]!;
            const top = api.coord([row.trials[0]!.startMs, row.first])[1]!;
            const bottom = api.coord([row.trials[0]!.startMs, row.first + row.lanes])[1]!;
            return {
              type: 'group',
              children: [
                {
                  type: 'text',
                  style: {
                    text: row.place,
                    x: x - 10,
                    y: (top + bottom) / 2,
                    align: 'right',
                    verticalAlign: 'middle',
                    fill: colors.dim,
                    font: '11px "Inter Variable", system-ui, sans-serif',
                    width: room - 14,
                    overflow: 'truncate',
                  },
                },
                {
                  type: 'line',
                  shape: { x1: x, x2: x + width, y1: bottom, y2: bottom },
                  style: { stroke: colors.line },
                },
              ],
            };
          },
        },
      ],
    };
  }, [rows, laneCount, room, colors]);

  return (
    <EChart
      label={`When ${trials.length} trials ran, on ${rows.length} devices.`}
      height={height}
      option={option}
      onTrial={onOpen}
    />
  );
}

function rowsOf(trials: readonly TimelineTrial[]) {
  let first = 0;
  return [...new Set(trials.map(({ place }) => place))].sort().map((place) => {
    const own = trials.filter((trial) => trial.place === place);
    const laneOf = lanesOf(own.map(({ startMs, endMs }) => ({ start: startMs, end: endMs })));
    const lanes = Math.max(1, ...laneOf.map((lane) => lane + 1));
    const row = { place, first, lanes, trials: own, laneOf };
    first += lanes;
    return row;
  });
}
