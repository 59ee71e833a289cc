import { Button } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { MapChart } from '../../../charts/analysis/map-chart.tsx';
import { rankShares, resultsOf, sampleOf } from '../../../charts/data/rank-shares.ts';
import { featuresOf } from '../../../charts/map/features.ts';
import { placeTrials } from '../../../charts/map/place-trials.ts';
import { Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { countOf, formatCount, formatShare } from '../../../format/number.ts';
import type { AnalysisProps } from './analysis-context.ts';
import { RankLegend } from './rank-legend.tsx';

/** Placing takes time with the square of this. */
const placedTrials = 1500;
/** Fewer have no shape. */
const leastTrials = 8;

interface Placed {
  readonly numbers: readonly number[];
  readonly places: Float32Array;
}

/** Trials in the plane by their settings (UMAP, McInnes et al. 2018), coloured by how good they are. */
export default function MapPanel({ study, table, version, objective, parameters, onOpen }: AnalysisProps) {
  const [placed, setPlaced] = useState<Placed | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [round, setRound] = useState(0);
  const names = useMemo(() => parameters.map(({ name }) => name), [parameters]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the table
  const { results, shares } = useMemo(() => {
    const all = resultsOf(table, objective.metric);
    return { results: all, shares: rankShares(table, objective.metric, objective.direction) };
  }, [table, version, objective]);
  const isReady = results.length >= leastTrials && names.every((name) => table.hasParam(name));

  // New trials alone do not move the map: that is done when the viewer wants it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!isReady) return;
    const numbers = sampleOf(results, shares, placedTrials);
    const axes = names.flatMap((name) => table.axis(name) ?? []);
    setShare(0);
    const work = placeTrials(featuresOf(table, axes, numbers), {
      onShare: setShare,
      onPlaces: (places) => {
        setShare(null);
        setPlaced({ numbers, places });
      },
      onError: (thrown) => {
        setShare(null);
        setError(thrown);
      },
    });
    return () => work.stop();
  }, [isReady, round, table, names]);

  const missing = placed === null ? 0 : Math.min(results.length, placedTrials) - placed.numbers.length;
  return (
    <Panel
      title="Map of the settings"
      note={
        share !== null
          ? `placing ${formatShare(share)}`
          : placed !== null && placed.numbers.length < results.length
            ? `${formatCount(placed.numbers.length)} of ${countOf(results.length, 'completed trial')}`
            : undefined
      }
      controls={
        missing > 0 && share === null ? (
          <Button variant="default" onClick={() => setRound((old) => old + 1)}>
            Add {formatCount(missing)} new
          </Button>
        ) : undefined
      }
      foot={
        <>
          <RankLegend from={`best ${objective.metric}`} to="worst" /> Near each other where all parameters are
          alike (UMAP). Of more than {formatCount(placedTrials)} trials, the best half of so many and every
          n-th of the others.
        </>
      }
    >
      {error !== null ? (
        <Nothing height={480}>{error.message}</Nothing>
      ) : results.length < leastTrials ? (
        <Nothing height={480}>
          A map needs {leastTrials} completed trials; there {results.length === 1 ? 'is' : 'are'}{' '}
          {results.length}.
        </Nothing>
      ) : placed === null ? (
        <Nothing height={480}>Placing the trials…</Nothing>
      ) : (
        <MapChart
          {...{ study, table, shares, onOpen }}
          numbers={placed.numbers}
          places={placed.places}
          parameters={names}
          height={480}
        />
      )}
    </Panel>
  );
}
