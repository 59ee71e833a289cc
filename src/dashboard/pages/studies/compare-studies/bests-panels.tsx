import { lazy, Suspense, useMemo } from 'react';
import { Panel } from '../../../charts/parts/panel.tsx';
import { loadPart } from '../../../live/load-part.ts';
import classes from './compare-studies.module.css';
import { type ComparedStudy, metricsOf } from './compared-study.ts';
import { StudyKey } from './study-key.tsx';

const BestsChart = lazy(async () => ({
  default: (await loadPart(() => import('../../../charts/history/bests-chart.tsx'))).BestsChart,
}));

const height = 240;

/** How the best value of each objective came about in the studies that have it. */
export function BestsPanels({ studies }: { readonly studies: readonly ComparedStudy[] }) {
  return metricsOf(studies).map((metric) => <BestsPanel key={metric} metric={metric} studies={studies} />);
}

function BestsPanel({
  metric,
  studies,
}: {
  readonly metric: string;
  readonly studies: readonly ComparedStudy[];
}) {
  // A study keeps its colour in all panels, so one without the metric has a line without points.
  const lines = useMemo(
    () =>
      studies.map(({ name, bestSoFar, trialCounts: { completed } }) => {
        const best = bestSoFar.find((other) => other.metric === metric);
        return { name, results: best?.results ?? [], values: best?.values ?? [], completed };
      }),
    [studies, metric],
  );
  if (lines.every(({ values }) => values.length === 0)) return null;
  return (
    <Panel
      title={`Best ${metric} so far`}
      foot={
        <span className={classes.keys}>
          {studies.map(
            ({ id, name }, i) =>
              lines[i]!.values.length > 0 && (
                <span key={id}>
                  <StudyKey place={i} />
                  {name}
                </span>
              ),
          )}
        </span>
      }
    >
      <Suspense fallback={<div style={{ height }} />}>
        <BestsChart metric={metric} lines={lines} height={height} />
      </Suspense>
    </Panel>
  );
}
