import { useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { formatCount, formatValue } from '../../format/number.ts';
import { seriesColor } from '../../theme/chart-palette.ts';
import { padded, withEnds } from '../data/axis-range.ts';
import { LinePlot } from '../parts/line-plot.tsx';
import { plotAxis } from '../parts/plot-axes.ts';
import { usePlotColors } from '../parts/plot-colors.ts';
import { PlotTooltip } from '../parts/plot-tooltip.ts';

/** How the best value of a study came about. */
export interface BestLine {
  readonly name: string;
  /** By how many completed trials each value was reached; ascending. */
  readonly results: readonly number[];
  readonly values: readonly number[];
  /** How many trials have completed: the last value holds until there. */
  readonly completed: number;
}

export interface BestsChartProps {
  readonly metric: string;
  readonly lines: readonly BestLine[];
  readonly height: number;
}

/** The best value so far of several studies over their completed trials, a line each in the palette's order. */
export function BestsChart({ metric, lines, height }: BestsChartProps) {
  const colors = usePlotColors();
  const data = useMemo(() => dataOf(lines), [lines]);
  const latest = useRef(lines);
  latest.current = lines;
  const count = lines.length;

  const options = useMemo((): Omit<uPlot.Options, 'width' | 'height'> => {
    let tooltip: PlotTooltip | undefined;
    return {
      legend: { show: false },
      padding: [8, 14, 0, 0],
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: true } },
      scales: {
        x: { time: false },
        y: { range: (_, low, high) => padded([low ?? 0, high ?? 1], false) },
      },
      axes: [
        plotAxis(colors, 'completed trials', { side: 'x', isWhole: true }),
        plotAxis(colors, '', { side: 'y', isValue: true }),
      ].map(({ label, ...axis }, i) => ({ ...axis, ...(i === 0 && { label: label! }) })),
      series: [
        {},
        ...Array.from({ length: count }, (_, i) => ({
          stroke: seriesColor(i, colors.scheme),
          width: 2,
          paths: uPlot.paths.stepped!({ align: 1 }),
          points: { show: false },
        })),
      ],
      hooks: {
        ready: [
          (plot) => {
            tooltip = new PlotTooltip(plot.over);
          },
        ],
        setCursor: [
          (plot) => {
            const { left = -1, top = -1 } = plot.cursor;
            const x = left < 0 ? Number.NaN : Math.floor(plot.posToVal(left, 'x'));
            const known = latest.current.flatMap((line, i) => {
              const value = valueAt(line, x);
              return value === undefined ? [] : [{ ...line, i, value, y: plot.valToPos(value, 'y') }];
            });
            if (known.length === 0) return tooltip?.hide();
            const nearest = known.reduce((a, b) => (Math.abs(b.y - top) < Math.abs(a.y - top) ? b : a));
            tooltip?.show(
              plot.valToPos(x, 'x'),
              nearest.y,
              seriesColor(nearest.i, colors.scheme),
              `After ${formatCount(x)} completed trials`,
              known.map(({ name, value }) => [name, formatValue(value, 6)] as const),
            );
          },
        ],
      },
    };
  }, [colors, count]);

  const bests = lines.map(({ name, values }) => `${name} ${formatValue(values.at(-1), 6)}`).join(', ');
  return (
    <LinePlot label={`Best ${metric} so far: ${bests}.`} height={height} options={options} data={data} />
  );
}

/** Undefined before the first result and after the last. */
function valueAt({ results, values, completed }: BestLine, x: number): number | undefined {
  if (!(x <= completed)) return undefined;
  return values[results.findLastIndex((at) => at <= x)];
}

function dataOf(lines: readonly BestLine[]): uPlot.AlignedData {
  // A study without the metric has a colour, and no line that the axis would have to reach.
  const drawn = lines.filter(({ values }) => values.length > 0);
  const all = drawn.flatMap(({ results, completed }) => [...results, completed]);
  const xs = [...new Set(all)].sort((a, b) => a - b);
  const [low, high] = withEnds([xs[0] ?? 0, xs.at(-1) ?? 1]);
  return [
    [low, ...xs, high],
    ...lines.map((line) => [null, ...xs.map((x) => valueAt(line, x) ?? null), null]),
  ];
}
