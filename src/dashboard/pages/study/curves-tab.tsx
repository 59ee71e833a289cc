import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type {
  Objective,
  StudyData,
  TrialFilter,
  TrialOrder,
  TrialState,
  TypedDocument,
} from '../../../client/index.ts';
import type { CurveTrial } from '../../charts/curves/curve-set.ts';
import { useLiveQuery } from '../../live/use-live-query.ts';
import { metricNames } from '../../operations/curves.ts';
import { useCurveZoom } from '../../parts/use-curve-zoom.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Problem } from '../../shell/problem.tsx';
import { type Change, compact } from '../../shell/search-params.ts';
import { useSettled } from '../../shell/use-settled.ts';
import { CurveControls, type CurvesSearch } from './curves/curve-controls.tsx';
import { CurvePanel } from './curves/curve-panel.tsx';
import classes from './curves/curves.module.css';
import { useCurveTrials } from './curves/use-curve-trials.ts';
import type { CurveChoice } from './curves-search.ts';
import { useStudy } from './study-context.ts';

const route = getRouteApi('/studies/$id/curves');

const defaultCount = { newest: 500, best: 20, running: 1000, chosen: 3000 };
const maxCurves = 3000;
/** So many metrics are shown before anyone has chosen some. */
const metricsAtFirst = 2;
const withPoints: readonly TrialState[] = [
  'RUNNING',
  'COMPLETED',
  'PRUNED',
  'INFEASIBLE',
  'FAILED',
  'CANCELLED',
];
const noTrials: readonly number[] = [-1];

/** The metrics of trials over their steps or over time, live. */
export function CurvesTab() {
  const study = useStudy();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const open = useNavigate();
  const choice = search.show ?? 'newest';
  const count = Math.max(1, Math.min(maxCurves, search.count ?? defaultCount[choice]));

  // Counts and events make a new study of it all the time; only these decide whose curves are shown.
  const [objective] = study.objectives;
  const { metric: bestBy, direction } = objective!;
  const selection = useMemo(
    () => ({ ...selectionOf(choice, search.trials, { metric: bestBy, direction }), count }),
    [choice, search.trials, bestBy, direction, count],
  );
  const { selected, error, retry } = useCurveTrials(study.id, selection);
  const names = useLiveQuery(
    metricNames,
    { study: study.id },
    { study: study.id, isStaleAfter: ({ trial }) => trial !== null, waitMs: 3000 },
  );
  const trials = selected?.trials ?? null;
  const metrics = useMemo(() => metricsOf(study, names.data), [study, names.data]);
  const shownMetrics = search.metrics ?? metrics.slice(0, metricsAtFirst);

  const change = useCallback(
    (changed: Change<CurvesSearch>) =>
      navigate({ search: (old) => compact({ ...old, ...changed }) as CurvesSearch, replace: true }),
    [navigate],
  );
  const { zoom, onZoom, axes } = useCurveZoom(search, change);
  const [smoothing = 0, setSmoothing] = useSettled(search.smoothing, (weight) =>
    change({ smoothing: weight }),
  );
  const onOpen = useCallback(
    ({ id }: CurveTrial) => void open({ to: '/trials/$id', params: { id } }),
    [open],
  );

  if (error !== null && trials === null) return <Problem error={error} onRetry={retry} />;
  if (study.trialCounts.total === 0) {
    return (
      <EmptyState title="No curves yet">
        Start the study: what its trials report is drawn here as it comes.
      </EmptyState>
    );
  }
  const { axis = 'step', logX = false, logY = false } = search;
  return (
    <>
      <CurveControls
        {...{ metrics, shownMetrics, choice, count, smoothing }}
        {...axes}
        onSmoothing={setSmoothing}
      />
      {names.data !== undefined && shownMetrics.length === 0 && (
        <EmptyState title="No metric has been reported yet">
          Trials report with reportMetrics, or trial.report in a trainable.
        </EmptyState>
      )}
      <div className={classes.grid}>
        {shownMetrics.map((metric) => (
          <CurvePanel
            key={metric}
            study={study}
            metric={metric}
            trials={trials}
            totalCount={selected?.totalCount ?? 0}
            view={{
              axis,
              logX: logX && axis !== 'time',
              logY,
              smoothing: Math.max(0, Math.min(0.99, smoothing)),
            }}
            zoom={zoom}
            height={shownMetrics.length === 1 ? 440 : 320}
            onZoom={onZoom}
            onOpen={onOpen}
          />
        ))}
      </div>
    </>
  );
}

function selectionOf(
  choice: CurveChoice,
  chosen: readonly number[] | undefined,
  { metric, direction }: Objective,
): { readonly filter: TrialFilter; readonly orderBy: TrialOrder } {
  const newest = { field: 'NUMBER', descending: true } as const;
  if (choice === 'running') return { filter: { states: ['RUNNING'] }, orderBy: newest };
  if (choice === 'chosen') return { filter: { numbers: chosen ?? noTrials }, orderBy: newest };
  if (choice === 'newest') return { filter: { states: withPoints }, orderBy: newest };
  return {
    filter: { states: ['COMPLETED'], values: [{ name: metric }] },
    orderBy: { field: 'VALUE', name: metric, descending: direction === 'MAXIMIZE' },
  };
}

type ReportedMetrics = typeof metricNames extends TypedDocument<infer Result, infer _> ? Result : never;

/** What the newest trials have reported: what has curves before what is reported once, the study's own metrics first. */
function metricsOf(study: StudyData, names: ReportedMetrics | undefined): readonly string[] {
  const series = names?.study?.trials.edges.flatMap(({ node }) => node.metricSeries) ?? [];
  const reported = [...new Set(series.map(({ name }) => name))].sort();
  const curves = new Set(series.filter(({ count }) => count > 1).map(({ name }) => name));
  const own = [...study.objectives, ...study.constraints].map(({ metric }) => metric);
  const rank = (name: string) => (curves.has(name) ? 0 : 2) + (own.includes(name) ? 0 : 1);
  return reported.sort((a, b) => rank(a) - rank(b));
}
