import { useMemo, useRef } from 'react';
import uPlot from 'uplot';
import type { Objective } from '../../../client/index.ts';
import { formatValue } from '../../format/number.ts';
import { trialStates } from '../../theme/trial-states.ts';
import { padded, valueRange, withEnds } from '../data/axis-range.ts';
import { bestSoFar } from '../data/best-so-far.ts';
import type { TrialTable } from '../data/trial-table.ts';
import { LinePlot } from '../parts/line-plot.tsx';
import { plotAxis } from '../parts/plot-axes.ts';
import { usePlotColors } from '../parts/plot-colors.ts';
import { PlotTooltip } from '../parts/plot-tooltip.ts';
import { drawMarks, type HistoryMark, historyMarks, markColor, placesOf } from './history-marks.ts';

export interface HistoryChartProps {
  readonly table: TrialTable;
  readonly version: number;
  readonly objective: Objective;
  readonly log: boolean;
  readonly height?: number;
  onOpen(trial: number): void;
}

/** How near to a mark the pointer has to be, in pixels. */
const reach = 24;

/** An objective's value in every trial, in their order, and the best so far. */
export function HistoryChart({ table, version, objective, log, height = 220, onOpen }: HistoryChartProps) {
  const { metric, direction } = objective;
  const colors = usePlotColors();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the table
  const shown = useMemo(() => {
    const values = table.value(metric).subarray(0, table.size);
    const usable = log ? values.filter((value) => value > 0) : values;
    const reached = valueRange(usable, direction);
    const range = padded(reached ?? [0, 1], log);
    const best = bestSoFar(table, metric, direction);
    return { range, best, marks: historyMarks(table, metric, range, log), hasValues: reached !== null };
  }, [table, version, metric, direction, log]);

  const data = useMemo((): uPlot.AlignedData => {
    const { numbers, values } = shown.best;
    const last = Math.max(1, table.size - 1);
    // The axis begins at the first trial and ends at the newest, whatever the best ones are.
    const [low, high] = withEnds([0, last]);
    const end = numbers.length === 0 || numbers.at(-1) === last ? [] : [last];
    return [
      [low, ...numbers, ...end, high],
      [null, ...values, ...end.map(() => values.at(-1)!), null],
    ];
  }, [shown, table]);

  const latest = useRef({ shown, onOpen });
  latest.current = { shown, onOpen };

  const options = useMemo((): Omit<uPlot.Options, 'width' | 'height'> => {
    let tooltip: PlotTooltip | undefined;
    let hovered: HistoryMark | null = null;
    return {
      legend: { show: false },
      padding: [8, 14, 0, 0],
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: true } },
      scales: {
        x: { time: false },
        y: { distr: log ? 3 : 1, range: () => [...latest.current.shown.range] },
      },
      axes: [
        plotAxis(colors, 'trial', { side: 'x', isWhole: true }),
        plotAxis(colors, '', {
          side: 'y',
          isValue: !log,
          isLog: log,
          // An axis of no value has no numbers.
          format: (value) => (latest.current.shown.hasValues ? formatValue(value) : ''),
        }),
      ].map(({ label, ...axis }, i) => ({ ...axis, ...(i === 0 && { label: label! }) })),
      series: [
        {},
        {
          label: 'best so far',
          stroke: colors.accent,
          width: 2,
          paths: uPlot.paths.stepped!({ align: 1 }),
          points: { show: false },
        },
      ],
      hooks: {
        // Below the line of the best.
        drawAxes: [(plot) => drawMarks(plot, latest.current.shown.marks, colors)],
        ready: [
          (plot) => {
            tooltip = new PlotTooltip(plot.over);
            plot.over.addEventListener('click', () => {
              if (hovered !== null && plot.select.width === 0) latest.current.onOpen(hovered.number);
            });
          },
        ],
        setCursor: [
          (plot) => {
            const { left = -1, top = -1 } = plot.cursor;
            hovered = left < 0 ? null : nearest(plot, latest.current.shown.marks, left, top);
            if (hovered === null) return tooltip?.hide();
            const places = placesOf(plot, false);
            tooltip?.show(
              places.x(hovered),
              places.y(hovered),
              markColor(hovered, colors),
              `Trial ${hovered.number}`,
              [
                [metric, formatValue(hovered.value, 6)],
                ['state', hovered.ending === null ? '' : trialStates[hovered.ending].label],
              ],
            );
          },
        ],
      },
    };
  }, [colors, metric, log]);

  const label = summaryOf(objective, shown.best, shown.marks.length);
  return <LinePlot label={label} height={height} options={options} data={data} />;
}

function nearest(plot: uPlot, marks: readonly HistoryMark[], left: number, top: number): HistoryMark | null {
  let found: HistoryMark | null = null;
  let least = reach * reach;
  const places = placesOf(plot, false);
  for (const mark of marks) {
    const dx = places.x(mark) - left;
    if (Math.abs(dx) > reach) continue;
    const distance = dx ** 2 + (places.y(mark) - top) ** 2;
    if (distance >= least) continue;
    least = distance;
    found = mark;
  }
  return found;
}

function summaryOf(
  { metric, direction }: Objective,
  { numbers, values }: { readonly numbers: readonly number[]; readonly values: readonly number[] },
  marks: number,
): string {
  if (numbers.length === 0) return `History of ${metric}: no trial has a result yet.`;
  const way = direction === 'MINIMIZE' ? 'lowest' : 'highest';
  return `History of ${metric}: ${marks} marks. The ${way} value so far is ${formatValue(values.at(-1), 6)}, of trial ${numbers.at(-1)}.`;
}
