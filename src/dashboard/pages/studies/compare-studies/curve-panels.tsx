import { lazy, Suspense } from 'react';
import type { CurveTrial } from '../../../charts/curves/curve-set.ts';
import type { CurveView } from '../../../charts/curves/curve-view.ts';
import { Panel } from '../../../charts/parts/panel.tsx';
import { loadPart } from '../../../live/load-part.ts';
import classes from './compare-studies.module.css';
import type { ComparedStudy } from './compared-study.ts';
import { StudyKey } from './study-key.tsx';
import { useJoinedCurves } from './use-joined-curves.ts';

const CurvesChart = lazy(async () => ({
  default: (await loadPart(() => import('../../../charts/curves/curves-chart.tsx'))).CurvesChart,
}));

const height = 260;

export interface CurvePanelsProps {
  readonly studies: readonly ComparedStudy[];
  readonly view: CurveView;
  readonly zoom: readonly [number, number] | null;
  onZoom(zoom: readonly [number, number] | null): void;
  onOpen(trial: CurveTrial): void;
}

/** The curves of the best trials of all studies, coloured by study: a panel for each metric that two of the studies report. */
export function CurvePanels(props: CurvePanelsProps) {
  const { studies } = props;
  return sharedMetrics(studies).map((metric) => (
    <Panel
      key={metric}
      title={metric}
      foot={
        <span className={classes.keys}>
          {studies.map(({ id, name }, i) => (
            <span key={id}>
              <StudyKey place={i} />
              {name}
            </span>
          ))}
        </span>
      }
    >
      <Curves metric={metric} {...props} />
    </Panel>
  ));
}

interface CurvesProps extends CurvePanelsProps {
  readonly metric: string;
}

function Curves({ studies, metric, view, zoom, onZoom, onOpen }: CurvesProps) {
  const set = useJoinedCurves(studies, metric);
  const objectives = studies.map(({ objectives }) => objectives.find((other) => other.metric === metric));
  const directions = new Set(objectives.map((objective) => objective?.direction ?? null));
  const direction = directions.size === 1 ? [...directions][0]! : null;
  return (
    <Suspense fallback={<div style={{ height }} />}>
      {set === null ? (
        <div style={{ height }} />
      ) : (
        <CurvesChart {...{ set, view, zoom, direction, height, onZoom, onOpen }} />
      )}
    </Suspense>
  );
}

/** What the best trials of two studies or more report, objectives first. */
function sharedMetrics(studies: readonly ComparedStudy[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { bestTrials } of studies) {
    // A single point is no curve; it is among the values.
    const names = bestTrials.flatMap(({ metricSeries }) =>
      metricSeries.filter(({ count }) => count > 1).map(({ name }) => name),
    );
    for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const isObjective = (name: string) =>
    studies.some(({ objectives }) => objectives.some(({ metric }) => metric === name));
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([name]) => name)
    .sort((a, b) => Number(isObjective(b)) - Number(isObjective(a)) || (a < b ? -1 : 1));
}
