import type { ScatterSeriesOption } from 'echarts';
import type { StudyData } from '../../../client/index.ts';
import { formatValue } from '../../format/number.ts';
import type { TrialTable } from '../data/trial-table.ts';
import { type TooltipRows, tooltipContent } from '../parts/plot-tooltip.ts';

export interface Mark {
  readonly number: number;
  readonly x: number;
  readonly y: number;
  readonly color?: string;
  /** Of a mark whose values lie beyond the axes and that stands at their edge: where to, in degrees from above to the left. */
  readonly beyond?: number | undefined;
}

/** A series of marks that know their trials. */
export function markSeries(marks: readonly Mark[], more: ScatterSeriesOption): ScatterSeriesOption {
  return {
    type: 'scatter',
    symbolSize: marks.length > 3000 ? 3 : marks.length > 600 ? 5 : 7,
    // Drawn at once: what is drawn in pieces begins anew with all news.
    progressive: 0,
    emphasis: { scale: 1.6 },
    ...more,
    data: marks.map(({ number, x, y, color, beyond }) => ({
      name: String(number),
      value: [x, y],
      ...(color !== undefined && { itemStyle: { color } }),
      ...(beyond !== undefined && { symbol: 'triangle', symbolRotate: beyond }),
    })),
  };
}

/** What is said of the trial under the pointer: its objectives, and what else `rowsOf` adds. */
export function trialTooltip(
  study: StudyData,
  table: TrialTable,
  rowsOf: (number: number) => TooltipRows = () => [],
): (params: unknown) => HTMLElement {
  return (params) => {
    const number = Number((params as { name: string }).name);
    const values = study.objectives.map(
      ({ metric }) => [metric, formatValue(table.value(metric)[number], 5)] as const,
    );
    return tooltipContent(`Trial ${number}`, [...values, ...rowsOf(number)]);
  };
}

/** A parameter's value in a trial as text. */
export function paramText(table: TrialTable, name: string, number: number): string {
  const value = table.param(name)[number]!;
  const labels = table.labels(name);
  return labels.length > 0 ? (labels[value] ?? '–') : formatValue(value);
}
