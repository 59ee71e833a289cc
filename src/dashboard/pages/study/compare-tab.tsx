import { Skeleton, Switch, TagsInput } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useLiveQuery } from '../../live/use-live-query.ts';
import { trialsToCompare } from '../../operations/trials.ts';
import { CurveAxisControls } from '../../parts/curve-axis-controls.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { useCurveZoom } from '../../parts/use-curve-zoom.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Problem } from '../../shell/problem.tsx';
import type { Change } from '../../shell/search-params.ts';
import classes from './compare/compare.module.css';
import { CompareTable } from './compare/compare-table.tsx';
import type { readCompareSearch } from './compare-search.ts';
import { CurvePanel } from './curves/curve-panel.tsx';
import { useStudy } from './study-context.ts';
import { studyMetrics } from './trials/space-parameters.ts';

type CompareSearch = ReturnType<typeof readCompareSearch>;

const route = getRouteApi('/studies/$id/compare');
const maxTrials = 50;
const none: readonly number[] = [];

/** Chosen trials side by side, with their curves in one picture. */
export function CompareTab() {
  const study = useStudy();
  const search = route.useSearch();
  const { trials: chosen = none, onlyDifferences = false, axis = 'step', logY = false } = search;
  const navigate = route.useNavigate();
  const open = useNavigate();
  const numbers = useMemo(() => [...new Set(chosen)].slice(0, maxTrials), [chosen]);
  const { data, error, refetch } = useLiveQuery(
    trialsToCompare,
    { study: study.id, numbers, first: maxTrials },
    {
      study: study.id,
      enabled: numbers.length > 0,
      isStaleAfter: ({ trial }) => trial !== null && numbers.includes(trial.number),
    },
  );
  const trials = useMemo(() => {
    const found = new Map(data?.study?.trials.edges.map(({ node }) => [node.number, node]));
    // In the order in which they were chosen.
    return numbers.flatMap((number) => found.get(number) ?? []);
  }, [data, numbers]);
  const change = (next: Change<CompareSearch>) =>
    void navigate({
      search: (old) => ({ ...old, ...next }) as CompareSearch,
      replace: true,
      resetScroll: false,
    });
  const { zoom, onZoom, axes } = useCurveZoom(search, change);
  const choose = (next: readonly number[]) => change({ trials: next.length > 0 ? next : undefined });
  const picker = (
    <TagsInput
      aria-label="Numbers of the trials that are compared"
      placeholder="Add a trial by its number"
      value={numbers.map(String)}
      onChange={(texts) =>
        choose(texts.map(Number).filter((number) => Number.isInteger(number) && number >= 0))
      }
      splitChars={[',', ' ', ';']}
      maxTags={maxTrials}
      miw={220}
      maw={560}
      flex={1}
    />
  );
  if (numbers.length === 0) {
    return (
      <EmptyState
        icon={<IconArrowsDiff size={28} stroke={1.5} />}
        title="Choose trials to compare"
        action={
          <>
            <LinkButton to="/studies/$id/trials" params={{ id: study.id }}>
              Choose in the table
            </LinkButton>
            <div className={classes.bar}>{picker}</div>
          </>
        }
      >
        Select rows in the table of trials, with the boxes or with space, then press Compare. Or name them
        here.
      </EmptyState>
    );
  }
  if (error !== null && data === undefined) return <Problem error={error} onRetry={refetch} />;
  // A single point is no curve; the table has it.
  const reported = new Set(
    trials.flatMap(({ metricSeries }) =>
      metricSeries.filter(({ count }) => count > 1).map(({ name }) => name),
    ),
  );
  const metrics = [
    ...studyMetrics(study).filter((metric) => reported.delete(metric)),
    ...[...reported].sort(),
  ];
  return (
    <>
      <div className={classes.bar}>
        {picker}
        <Switch
          label="Only differences"
          checked={onlyDifferences}
          onChange={({ currentTarget }) => change({ onlyDifferences: currentTarget.checked || undefined })}
        />
      </div>
      {data === undefined ? (
        <Skeleton height={300} />
      ) : trials.length === 0 ? (
        <EmptyState title="The study has no such trials">Give numbers of trials that it has.</EmptyState>
      ) : (
        <CompareTable
          study={study}
          trials={trials}
          onlyDifferences={onlyDifferences}
          onRemove={(number) => choose(numbers.filter((other) => other !== number))}
        />
      )}
      {metrics.length > 0 && (
        <>
          <div className={classes.axes}>
            <CurveAxisControls {...axes} />
          </div>
          <div className={classes.curves}>
            {metrics.map((metric) => (
              <CurvePanel
                key={metric}
                study={study}
                metric={metric}
                trials={trials}
                totalCount={trials.length}
                view={{ axis, logX: false, logY, smoothing: 0 }}
                zoom={zoom}
                height={260}
                onZoom={onZoom}
                onOpen={({ id }) => void open({ to: '/trials/$id', params: { id } })}
              />
            ))}
          </div>
        </>
      )}
    </>
  );
}
