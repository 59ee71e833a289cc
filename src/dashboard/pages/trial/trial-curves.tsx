import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { StudyData } from '../../../client/index.ts';
import { CurveAxisControls } from '../../parts/curve-axis-controls.tsx';
import { useCurveZoom } from '../../parts/use-curve-zoom.ts';
import { type Change, compact } from '../../shell/search-params.ts';
import { CurvePanel } from '../study/curves/curve-panel.tsx';
import { studyMetrics } from '../study/trials/space-parameters.ts';
import classes from './trial-page.module.css';
import type { ShownTrial } from './use-trial.ts';

const route = getRouteApi('/trials/$id');

export interface TrialCurvesProps {
  readonly study: StudyData;
  readonly trial: ShownTrial;
  /** The last value of each metric, while it runs. */
  readonly latest: Readonly<Record<string, number | null>>;
}

/** All metrics over the steps or the time of one trial, live; those that the study judges by come first. */
export function TrialCurves({ study, trial, latest }: TrialCurvesProps) {
  const search = route.useSearch();
  const { axis = 'step', logY = false } = search;
  const navigate = route.useNavigate();
  const change = (part: Change<typeof search>) =>
    void navigate({ search: (old) => compact({ ...old, ...part }), replace: true, resetScroll: false });
  const { zoom, onZoom, axes } = useCurveZoom(search, change);
  const judged = studyMetrics(study);
  // A single point is no curve; it is among the values. Of a trial that runs, more may have come since.
  const isCurve = ({ count }: { readonly count: number }) => count > 1 || trial.state === 'RUNNING';
  const reported = new Set([
    ...trial.metricSeries.filter(isCurve).map(({ name }) => name),
    ...Object.keys(latest),
  ]);
  const metrics = [...judged.filter((name) => reported.delete(name)), ...[...reported].sort()];
  const { id, number, state } = trial;
  const trials = useMemo(() => [{ id, number, state }], [id, number, state]);
  if (metrics.length === 0) return null;
  return (
    <section aria-label="Curves">
      <div className={classes.curveControls}>
        <CurveAxisControls {...axes} />
      </div>
      <div className={classes.curves}>
        {metrics.map((metric) => (
          <CurvePanel
            key={metric}
            study={study}
            metric={metric}
            trials={trials}
            totalCount={1}
            view={{ axis, logX: false, logY, smoothing: 0 }}
            zoom={zoom}
            height={200}
            onZoom={onZoom}
            onOpen={() => {}}
          />
        ))}
      </div>
    </section>
  );
}
