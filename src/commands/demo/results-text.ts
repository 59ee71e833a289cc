import type { Colors } from 'picocolors/types.js';
import type { TrialData } from '../../client/index.ts';
import { borderlessTable, type TableColumn } from '../borderless-table.ts';
import { accuracyOf, type DemoResults } from './demo-results.ts';
import { accuracyMetric, describeParams, secondsMetric } from './demo-study.ts';
import { scatterPlot } from './scatter-plot.ts';
import { stateColor, stateWord } from './trial-state.ts';

const maxWidth = 100;
const minWidth = 70;

/** The trials as a table, the Pareto front as a plot, and the best trial; at most 100 columns wide. */
export function resultsText(results: DemoResults, columns: number, colors: Colors): string {
  const width = Math.max(minWidth, Math.min(maxWidth, columns));
  const { best, front } = results;
  const parts = [trialTable(results.trials, width, colors)];
  if (best !== null) {
    const numbers = front.map(({ number }) => `#${number}`).join(', ');
    parts.push(
      `${colors.bold('Pareto front')} (accuracy against training seconds): ${numbers}`,
      plotTrials(results, width, colors),
      `${colors.bold('Best accuracy')} ${accuracyOf(best).toFixed(4)}: #${best.number}, ${describeParams(best.params).join(', ')}`,
    );
  }
  return parts.join('\n\n');
}

function trialTable(trials: readonly TrialData[], width: number, colors: Colors): string {
  const columns: TableColumn[] = [
    { title: '#', width: 5 },
    { title: 'state', width: 12 },
    { title: 'accuracy', width: 10, align: 'right' },
    { title: 'seconds', width: 9, align: 'right' },
  ];
  const words = width - columns.reduce((sum, column) => sum + column.width, 0);
  const settings = Math.ceil(words * 0.52);
  columns.splice(2, 0, { title: 'settings', width: settings });
  columns.push({ title: 'why it ended early', width: words - settings });
  const rows = trials.map((trial) => [
    `${trial.number}`,
    stateColor(trial.state, colors)(stateWord(trial.state)),
    describeParams(trial.params).join(',\n'),
    Number.isNaN(accuracyOf(trial)) ? '' : accuracyOf(trial).toFixed(4),
    trial.values?.[secondsMetric]?.toFixed(1) ?? '',
    // The pruner looks at accuracy alone.
    trial.pruneReason?.replace(`${accuracyMetric} `, '') ?? trial.error?.split('\n')[0] ?? '',
  ]);
  return borderlessTable(columns, rows, colors.dim);
}

/** The completed trials with up to four times the best one's error: worse ones would squeeze the front into a line. */
function plotTrials({ trials, best, front }: DemoResults, width: number, colors: Colors): string {
  const least = Math.min(1 - 4 * (1 - accuracyOf(best!)), ...front.map(accuracyOf));
  const points = trials
    .filter((trial) => trial.state === 'COMPLETED')
    .map((trial) => ({
      label: `#${trial.number}`,
      x: trial.values![secondsMetric]!,
      y: accuracyOf(trial),
      isOnFront: front.some(({ number }) => number === trial.number),
    }));
  const shown = points.filter(({ y }) => y >= least);
  const left = points.length - shown.length;
  const lines = scatterPlot(shown, {
    width: Math.min(width, 72),
    height: 10,
    showX: (seconds) => `${seconds.toFixed(1)} s`,
    showY: (accuracy) => accuracy.toFixed(3),
    colors,
  });
  if (left > 0)
    lines.push(colors.dim(`${left} completed ${left === 1 ? 'trial lies' : 'trials lie'} below.`));
  return lines.join('\n');
}
