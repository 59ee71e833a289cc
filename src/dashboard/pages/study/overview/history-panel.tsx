import { Switch } from '@mantine/core';
import { lazy, Suspense, useEffect } from 'react';
import type { Objective, StudyData } from '../../../../client/index.ts';
import { bestSoFar } from '../../../charts/data/best-so-far.ts';
import { endings } from '../../../charts/data/trial-table.ts';
import { useOpenTrial } from '../../../charts/data/use-open-trial.ts';
import type { LiveTable } from '../../../charts/data/use-trial-table.ts';
import { Failed, Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { formatValue } from '../../../format/number.ts';
import { loadPart } from '../../../live/load-part.ts';

const loadChart = async () => ({
  default: (await loadPart(() => import('../../../charts/history/history-chart.tsx'))).HistoryChart,
});
const HistoryChart = lazy(loadChart);

export interface HistoryPanelProps {
  readonly study: StudyData;
  readonly objective: Objective;
  readonly live: LiveTable;
  readonly log: boolean;
  onLog(log: boolean): void;
}

/** The history of one objective. */
export function HistoryPanel({ study, objective, live, log, onLog }: HistoryPanelProps) {
  const { metric, direction } = objective;
  const { table, version, error, retry } = live;
  const open = useOpenTrial(study.id);
  // Its code comes beside its data, not after them.
  useEffect(() => void loadChart(), []);
  const height = study.objectives.length === 1 ? 300 : 200;
  const best = table === null ? null : bestSoFar(table, metric, direction);
  const hasMarks = table?.states.some((state) => !['CANCELLED', null].includes(endings[state]!)) === true;
  return (
    <Panel
      title={metric}
      note={
        best !== null && best.numbers.length > 0
          ? `${direction === 'MINIMIZE' ? 'lowest' : 'highest'} ${formatValue(best.values.at(-1))} in trial ${best.numbers.at(-1)}`
          : direction === 'MINIMIZE'
            ? 'to be minimized'
            : 'to be maximized'
      }
      controls={
        <Switch
          label="Log"
          checked={log}
          onChange={(event) => onLog(event.currentTarget.checked)}
          size="xs"
        />
      }
    >
      {error !== null && table === null ? (
        <Failed error={error} height={height} onRetry={retry} />
      ) : table === null || hasMarks ? (
        <Suspense fallback={<div style={{ height }} />}>
          {table === null ? (
            <div style={{ height }} />
          ) : (
            <HistoryChart
              table={table}
              version={version}
              objective={objective}
              log={log}
              height={height}
              onOpen={open}
            />
          )}
        </Suspense>
      ) : (
        <Nothing height={height}>{nothingYet(study)}</Nothing>
      )}
    </Panel>
  );
}

/** What makes the first trial. */
function nothingYet({ state, trainable }: StudyData): string {
  if (trainable === null && state !== 'FINISHED') {
    return 'The first trial that ends appears here. Workers ask for trials with askTrials, or study.optimize of the client.';
  }
  if (state === 'CREATED' || state === 'PAUSED') {
    return 'Start the study: the first trial that ends appears here.';
  }
  return 'The first trial that ends appears here.';
}
