import { SegmentedControl, Select, Skeleton, Switch } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useCallback, useMemo } from 'react';
import type { StudyData } from '../../../client/index.ts';
import { parametersOf } from '../../charts/data/parameters.ts';
import { useOpenTrial } from '../../charts/data/use-open-trial.ts';
import { useTrialTable } from '../../charts/data/use-trial-table.ts';
import { loadPart } from '../../live/load-part.ts';
import { useLiveQuery } from '../../live/use-live-query.ts';
import { studyImportances } from '../../operations/charts.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Problem } from '../../shell/problem.tsx';
import { compact } from '../../shell/search-params.ts';
import classes from './analysis/analysis.module.css';
import { AxisChooser } from './analysis/axis-chooser.tsx';
import { inOrder, needsImportances, shownParameters } from './analysis/shown-parameters.ts';
import {
  type AnalysisChange,
  type AnalysisChart,
  type AnalysisSearch,
  analysisCharts,
} from './analysis-search.ts';
import { noResultYet } from './no-result-yet.ts';
import { useStudy } from './study-context.ts';

const route = getRouteApi('/studies/$id/analysis');

const panels = {
  front: lazy(() => loadPart(() => import('./analysis/front-panel.tsx'))),
  parallel: lazy(() => loadPart(() => import('./analysis/parallel-panel.tsx'))),
  slices: lazy(() => loadPart(() => import('./analysis/slices-panel.tsx'))),
  plane: lazy(() => loadPart(() => import('./analysis/plane-panel.tsx'))),
  distribution: lazy(() => loadPart(() => import('./analysis/distribution-panel.tsx'))),
  timeline: lazy(() => loadPart(() => import('./analysis/timeline-panel.tsx'))),
  weights: lazy(() => loadPart(() => import('./analysis/weights-panel.tsx'))),
  map: lazy(() => loadPart(() => import('./analysis/map-panel.tsx'))),
};

const labels: Readonly<Record<AnalysisChart, string>> = {
  front: 'Front',
  parallel: 'Parallel',
  slices: 'Slices',
  plane: 'Contour',
  distribution: 'Distribution',
  timeline: 'Timeline',
  weights: 'Weights',
  map: 'Map',
};
const forSeveral: readonly AnalysisChart[] = ['front', 'weights'];
const withObjective: readonly AnalysisChart[] = ['parallel', 'slices', 'plane', 'map'];
const withChoice: readonly AnalysisChart[] = ['parallel', 'slices'];
/** What these show are results of trials, and how parameters lead to them. */
const ofResults: readonly AnalysisChart[] = ['parallel', 'slices', 'plane', 'distribution', 'weights', 'map'];
const ofParameters: readonly AnalysisChart[] = ['parallel', 'slices', 'plane', 'map'];
const withLog: readonly AnalysisChart[] = ['front', 'slices', 'distribution'];
const placeholderHeight = 380;

/** The charts that look into a study's results. */
export function AnalysisTab() {
  const study = useStudy();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const onOpen = useOpenTrial(study.id);
  const isSingle = study.objectives.length === 1;
  const kinds = analysisCharts.filter((chart) => !isSingle || !forSeveral.includes(chart));
  const chart = search.chart !== undefined && kinds.includes(search.chart) ? search.chart : kinds[0]!;
  const space = useMemo(() => JSON.stringify(study.searchSpace), [study.searchSpace]);
  const parameters = useMemo(() => parametersOf(JSON.parse(space)), [space]);
  const chosen = search.objective;
  const objectives = JSON.stringify(study.objectives);
  // Events make new objects of the same objectives; charts are drawn anew only where they differ.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const objective = useMemo(
    () => study.objectives.find(({ metric }) => metric === chosen) ?? study.objectives[0]!,
    [objectives, chosen],
  );
  const waits = needsImportances(chart, parameters, search);
  // Asked for once: axes that moved with each trial would be hard to look at.
  const importances = useLiveQuery(
    studyImportances,
    { study: study.id, objective: objective.metric },
    { enabled: waits || search.params !== undefined, keepPrevious: false },
  );
  const byImportance = useMemo(
    () => importances.data?.study?.importances.map(({ parameter }) => parameter) ?? [],
    [importances.data],
  );
  const isKnown = !waits || importances.data !== undefined || importances.error !== null;
  const shown = useMemo(
    () => (isKnown ? shownParameters(chart, parameters, search, byImportance) : []),
    [isKnown, chart, parameters, search, byImportance],
  );
  const live = useTrialTable(
    study,
    shown.map(({ name }) => name),
  );
  const onChange = useCallback(
    (change: AnalysisChange) =>
      void navigate({ search: (old) => compact({ ...old, ...change }) as AnalysisSearch, replace: true }),
    [navigate],
  );

  if (study.trialCounts.total === 0) {
    return (
      <EmptyState title="Nothing to analyse yet">Start the study: the charts fill as trials end.</EmptyState>
    );
  }
  const Panel = panels[chart];
  const lack = lackOf(chart, study, parameters.length);
  return (
    <>
      <div className={classes.controls}>
        <div className={classes.kinds} data-fading>
          <SegmentedControl
            aria-label="Chart"
            data={kinds.map((value) => ({ value, label: labels[value] }))}
            value={chart}
            onChange={(value) => onChange({ chart: value as AnalysisChart })}
          />
        </div>
        {!isSingle && withObjective.includes(chart) && (
          <Select
            aria-label="Objective"
            w={170}
            data={study.objectives.map(({ metric }) => metric)}
            value={objective.metric}
            onChange={(metric) => onChange({ objective: metric ?? undefined })}
            allowDeselect={false}
          />
        )}
        {withChoice.includes(chart) && parameters.length > 1 && isKnown && (
          <AxisChooser
            names={inOrder(parameters, byImportance).map(({ name }) => name)}
            shown={shown.map(({ name }) => name)}
            onChoose={(params) => onChange({ params })}
          />
        )}
        {withLog.includes(chart) && (
          <Switch
            label="Log values"
            size="xs"
            checked={search.log === true}
            onChange={(event) => onChange({ log: event.currentTarget.checked || undefined })}
          />
        )}
      </div>
      {lack}
      {lack === null && live.error !== null && live.table === null && (
        <Problem error={live.error} onRetry={live.retry} />
      )}
      {lack === null && (live.table === null || !isKnown) && live.error === null && (
        <Skeleton height={placeholderHeight} />
      )}
      {lack === null && live.table !== null && isKnown && (
        <Suspense fallback={<Skeleton height={placeholderHeight} />}>
          <Panel
            study={study}
            table={live.table}
            version={live.version}
            objective={objective}
            parameters={parameters}
            shown={shown}
            search={search}
            onChange={onChange}
            onOpen={onOpen}
          />
        </Suspense>
      )}
    </>
  );
}

/** What stands in place of a chart for which the study has nothing; null where it has. */
function lackOf(chart: AnalysisChart, study: StudyData, parameters: number): ReactNode {
  if (parameters === 0 && ofParameters.includes(chart)) {
    return (
      <EmptyState title="No parameter varies">
        This chart is about parameters, of which the search space fixes all. The distribution and the timeline
        show what there is.
      </EmptyState>
    );
  }
  if (study.trialCounts.completed === 0 && ofResults.includes(chart)) {
    return <EmptyState title="No trial has completed yet">{noResultYet(study)}</EmptyState>;
  }
  return null;
}
