import { useMemo } from 'react';
import type { Objective } from '../../../../client/index.ts';
import { StepChart } from '../../../charts/analysis/step-chart.tsx';
import { distribution } from '../../../charts/data/distribution.ts';
import { resultsOf } from '../../../charts/data/rank-shares.ts';
import type { TrialTable } from '../../../charts/data/trial-table.ts';
import { Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { countOf, formatValue } from '../../../format/number.ts';
import classes from './analysis.module.css';
import type { AnalysisProps } from './analysis-context.ts';

const wholeShare = [0, 1.02] as const;

/** How the values of each objective are distributed. */
export default function DistributionPanel({ study, table, version, search }: AnalysisProps) {
  return (
    <div className={classes.pairs}>
      {study.objectives.map((objective) => (
        <Distribution
          key={objective.metric}
          objective={objective}
          table={table}
          version={version}
          log={search.log === true}
        />
      ))}
    </div>
  );
}

interface DistributionProps {
  readonly objective: Objective;
  readonly table: TrialTable;
  readonly version: number;
  readonly log: boolean;
}

function Distribution({ objective: { metric }, table, version, log }: DistributionProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the table
  const { points, count, median } = useMemo(() => {
    const values = resultsOf(table, metric).map((number) => table.value(metric)[number]!);
    const all = distribution(values);
    return { points: all, count: values.length, median: all.find(([, share]) => share >= 0.5)?.[0] };
  }, [table, version, metric]);
  return (
    <Panel
      title={metric}
      note={count > 0 ? `median ${formatValue(median)} of ${countOf(count, 'completed trial')}` : undefined}
    >
      {count === 0 ? (
        <Nothing height={320}>The first completed trial appears here.</Nothing>
      ) : (
        <StepChart
          label={`The distribution of ${metric}: half of ${count} trials have ${formatValue(median)} or less.`}
          x={metric}
          y="share of trials at or below"
          points={points}
          log={log}
          range={wholeShare}
          height={320}
        />
      )}
    </Panel>
  );
}
