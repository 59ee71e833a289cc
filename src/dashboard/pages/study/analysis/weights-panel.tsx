import { SegmentedControl, Slider } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo } from 'react';
import { Failed, Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { formatParam } from '../../../format/param.ts';
import { useLiveQuery } from '../../../live/use-live-query.ts';
import { rankByWeights } from '../../../operations/analysis.ts';
import { useSettled } from '../../../shell/use-settled.ts';
import { isEnd } from '../overview/is-end.ts';
import classes from './analysis.module.css';
import type { AnalysisProps } from './analysis-context.ts';
import { TrialRows } from './trial-rows.tsx';

const rankedTrials = 25;
const waitMs = 120;

/** Weights of the objectives, and the trials in the order that these give. */
export default function WeightsPanel({ study, table, parameters, search, onChange, onOpen }: AnalysisProps) {
  const { objectives } = study;
  const kind = search.weighing ?? 'linear';
  const [given, setGiven] = useSettled(search.weights, (weights) => onChange({ weights }));
  const weights = objectives.map((_, i) => given?.[i] ?? 1);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const scalarisation = useMemo(() => {
    const entries = objectives.map(({ metric }, i) => [metric, given?.[i] ?? 1]);
    return { kind, weights: Object.fromEntries(entries) };
  }, [objectives, kind, given]);
  const [asked] = useDebouncedValue(scalarisation, waitMs);
  const { data, error, refetch } = useLiveQuery(
    rankByWeights,
    { study: study.id, scalarisation: asked, first: rankedTrials },
    { study: study.id, isStaleAfter: isEnd, waitMs: 800, enabled: sum > 0 && objectives.length > 1 },
  );
  if (objectives.length < 2) {
    return (
      <Nothing height={240}>
        Weights are for studies of several objectives; this one has its best trials.
      </Nothing>
    );
  }
  const ranked = data?.rankTrials ?? [];
  return (
    <div className={classes.stack}>
      <Panel
        title="Weights"
        note="What matters more moves trials up; nothing runs anew for it."
        controls={
          <SegmentedControl
            aria-label="How objectives are weighed"
            data={[
              { value: 'linear', label: 'Linear' },
              { value: 'tchebycheff', label: 'Tchebycheff' },
            ]}
            value={kind}
            onChange={(value) => onChange({ weighing: value === 'linear' ? undefined : 'tchebycheff' })}
          />
        }
      >
        <div className={classes.weights}>
          {objectives.map(({ metric }, i) => (
            <Weight
              key={metric}
              metric={metric}
              weight={weights[i]!}
              onWeight={(weight) => setGiven(weights.map((old, at) => (at === i ? weight : old)))}
            />
          ))}
        </div>
      </Panel>
      <Panel title="Trials by these weights">
        {sum === 0 ? (
          <Nothing>Give one objective a weight.</Nothing>
        ) : error !== null && data === undefined ? (
          <Failed error={error} onRetry={refetch} />
        ) : data !== undefined && ranked.length === 0 ? (
          <Nothing>No trial has completed within the constraints yet.</Nothing>
        ) : (
          <TrialRows
            study={study}
            table={table}
            numbers={ranked.map(({ trial }) => trial.number)}
            parameters={parameters.map(({ name }) => name)}
            score={{ name: 'score', values: ranked.map(({ score }) => score) }}
            paramOf={(name, place) => formatParam(ranked[place]!.trial.params[name])}
            label="Trials by these weights"
            onOpen={onOpen}
          />
        )}
      </Panel>
    </div>
  );
}

interface WeightProps {
  readonly metric: string;
  readonly weight: number;
  onWeight(weight: number): void;
}

function Weight({ metric, weight, onWeight }: WeightProps) {
  return (
    <>
      <span>{metric}</span>
      <Slider
        thumbLabel={`Weight of ${metric}`}
        min={0}
        max={1}
        step={0.01}
        label={null}
        value={weight}
        onChange={onWeight}
      />
      <output className="numeric">{weight.toFixed(2)}</output>
    </>
  );
}
