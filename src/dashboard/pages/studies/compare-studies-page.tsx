import { Select, Switch } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { Json } from '../../../client/index.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatCount, formatValue } from '../../format/number.ts';
import type { StudyRow } from '../../operations/studies.ts';
import { CurveAxisControls } from '../../parts/curve-axis-controls.tsx';
import { endedTrials } from '../../parts/ended-trials.ts';
import { jsonText } from '../../parts/json-text.ts';
import { LinkButton } from '../../parts/link-button.tsx';
import { parameterText } from '../../parts/parameter-text.ts';
import { Sparkline } from '../../parts/sparkline.tsx';
import { StudyStateMark } from '../../parts/study-state-mark.tsx';
import { useCurveZoom } from '../../parts/use-curve-zoom.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Page } from '../../shell/page.tsx';
import { Problem } from '../../shell/problem.tsx';
import { type Change, compact } from '../../shell/search-params.ts';
import { BestTrials } from './compare-studies/best-trials.tsx';
import { BestsPanels } from './compare-studies/bests-panels.tsx';
import classes from './compare-studies/compare-studies.module.css';
import { type ComparedStudy, metricsOf } from './compare-studies/compared-study.ts';
import { CurvePanels } from './compare-studies/curve-panels.tsx';
import { StudyKey, useStudyColor } from './compare-studies/study-key.tsx';
import type { readCompareStudiesSearch } from './compare-studies-search.ts';
import { useComparedStudies } from './use-studies.ts';

const route = getRouteApi('/studies/compare');

type Search = ReturnType<typeof readCompareStudiesSearch>;

const bestAtFirst = 3;
const bestCounts = [1, 3, 5, 10];

/** Studies side by side: results first, then settings, with those marked that differ. */
export function CompareStudiesPage() {
  const search = route.useSearch();
  const {
    studies: ids = [],
    best = bestAtFirst,
    axis = 'step',
    logY = false,
    onlyDifferences = false,
  } = search;
  const navigate = route.useNavigate();
  const open = useNavigate();
  const { data: studies, error, refetch } = useComparedStudies(ids, Math.max(1, Math.min(50, best)));
  const view = useMemo(() => ({ axis, logX: false, logY, smoothing: 0 }), [axis, logY]);
  const change = (part: Change<Search>) =>
    void navigate({
      search: (old) => compact({ ...old, ...part }) as Search,
      replace: true,
      resetScroll: false,
    });
  const { zoom, onZoom, axes } = useCurveZoom(search, change);
  if (ids.length < 2 || (studies !== undefined && studies.length < 2)) {
    return (
      <EmptyState
        icon={<IconArrowsDiff size={28} stroke={1.5} />}
        title="Choose studies to compare"
        isPage
        action={<LinkButton to="/studies">All studies</LinkButton>}
      >
        Tick two or more in the list of studies.
      </EmptyState>
    );
  }
  if (studies === undefined) {
    if (error !== null) return <Problem error={error} onRetry={refetch} />;
    return <Page title="Compare studies">{null}</Page>;
  }
  const metrics = metricsOf(studies);
  return (
    <Page title="Compare studies">
      <SideBySide label="Results side by side" studies={studies}>
        {metrics.map((metric) => (
          <tr key={metric}>
            <th scope="row">Best {metric}</th>
            {studies.map((study, i) => (
              <td key={study.id}>
                <Best study={study} place={i} metric={metric} isBest={study.id === bestOf(studies, metric)} />
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">Trials</th>
          {studies.map(({ id, trialCounts }) => (
            <td key={id} className="numeric">
              {formatCount(endedTrials(trialCounts))} ended, {formatCount(trialCounts.completed)} completed
              {trialCounts.pruned > 0 && `, ${formatCount(trialCounts.pruned)} pruned`}
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row">Trials’ time</th>
          {studies.map(({ id, deviceSeconds }) => (
            <td key={id} className="numeric">
              {formatDuration(deviceSeconds * 1000)}
            </td>
          ))}
        </tr>
      </SideBySide>
      <div className={classes.panels}>
        <BestsPanels studies={studies} />
      </div>
      <div className={classes.controls}>
        <Select
          aria-label="How many trials of each study"
          w={170}
          data={[...new Set([...bestCounts, best])]
            .sort((a, b) => a - b)
            .map((count) => ({ value: String(count), label: `Best ${count} of each study` }))}
          value={String(best)}
          onChange={(value) => change({ best: value === null ? undefined : Number(value) })}
          allowDeselect={false}
        />
        <CurveAxisControls {...axes} />
      </div>
      <div className={classes.panels}>
        <CurvePanels
          studies={studies}
          view={view}
          zoom={zoom}
          onZoom={onZoom}
          onOpen={({ id }) => void open({ to: '/trials/$id', params: { id } })}
        />
      </div>
      <div className={classes.below}>
        <BestTrials studies={studies} />
      </div>
      <div className={classes.controls}>
        <h2 className={classes.title}>Settings</h2>
        <Switch
          label="Only differences"
          checked={onlyDifferences}
          onChange={({ currentTarget }) => change({ onlyDifferences: currentTarget.checked || undefined })}
        />
      </div>
      <SideBySide label="Settings side by side" studies={studies}>
        {settingsOf(studies)
          .filter(({ texts }) => !onlyDifferences || new Set(texts).size > 1)
          .map(({ name, texts }) => (
            <tr key={name} data-differs={new Set(texts).size > 1 || undefined}>
              <th scope="row">{name}</th>
              {studies.map((study, i) => (
                <td key={study.id}>{texts[i]}</td>
              ))}
            </tr>
          ))}
      </SideBySide>
    </Page>
  );
}

interface SideBySideProps {
  readonly label: string;
  readonly studies: readonly ComparedStudy[];
  readonly children: ReactNode;
}

/** Rows with a column for each study. */
function SideBySide({ label, studies, children }: SideBySideProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section className={classes.scroll} tabIndex={0} aria-label={label} data-fading="after">
      <table className={classes.table}>
        <thead>
          <tr>
            <td />
            {studies.map((study, i) => (
              <th key={study.id} scope="col">
                <Link to="/studies/$id" params={{ id: study.id }}>
                  <StudyKey place={i} />
                  <span title={study.name}>{study.name}</span>
                </Link>
                <StudyStateMark state={study.state} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

function Best({
  study,
  place,
  metric,
  isBest,
}: {
  readonly study: StudyRow;
  readonly place: number;
  readonly metric: string;
  readonly isBest: boolean;
}) {
  const color = useStudyColor(place);
  const best = study.bestSoFar.find((other) => other.metric === metric);
  if (best === undefined || best.values.length === 0) return '–';
  return (
    <span className={`${classes.best} numeric`} data-best={isBest || undefined}>
      {formatValue(best.values.at(-1))}
      <Sparkline
        at={best.results}
        values={best.values}
        until={study.trialCounts.completed}
        height={18}
        color={color}
      />
    </span>
  );
}

/** The id of the study with the best value; null where fewer than two have the metric, or they want different things. */
function bestOf(studies: readonly StudyRow[], metric: string): string | null {
  const found = studies.flatMap((study) => {
    const objective = study.objectives.find((other) => other.metric === metric);
    const value = study.bestSoFar.find((other) => other.metric === metric)?.values.at(-1);
    return objective === undefined || value === undefined
      ? []
      : [{ id: study.id, direction: objective.direction, value }];
  });
  if (found.length < 2 || new Set(found.map(({ direction }) => direction)).size > 1) return null;
  const sign = found[0]!.direction === 'MINIMIZE' ? 1 : -1;
  return found.reduce((best, other) => (sign * other.value < sign * best.value ? other : best)).id;
}

function settingsOf(studies: readonly ComparedStudy[]): { name: string; texts: string[] }[] {
  const row = (name: string, of: (study: ComparedStudy) => Json | undefined) => ({
    name,
    texts: studies.map((study) => jsonText(of(study))),
  });
  const parameters = [...new Set(studies.flatMap(({ searchSpace }) => Object.keys(searchSpace ?? {})))];
  const fields = (json: Json) => json as Readonly<Record<string, Json>>;
  return [
    row('Trainable', ({ trainable }) => trainable?.name ?? 'run elsewhere'),
    row('Options', ({ trainableOptions }) => trainableOptions),
    row('Objectives', ({ objectives }) =>
      objectives.map(({ metric, direction }) => `${direction === 'MINIMIZE' ? 'min' : 'max'} ${metric}`),
    ),
    row('Constraints', ({ constraints }) =>
      constraints.map(
        ({ metric, comparison, bound }) =>
          `${metric} ${comparison === 'LESS_OR_EQUAL' ? '≤' : '≥'} ${formatValue(bound)}`,
      ),
    ),
    row('Sampler', ({ sampler }) => sampler),
    row('Pruner', ({ pruner }) => pruner),
    row('Stop rules', ({ stopRules }) => stopRules),
    ...parameters.map((name) => row(name, ({ searchSpace }) => parameterText(fields(searchSpace)[name]))),
  ];
}
