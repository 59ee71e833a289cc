import { useCallback, useMemo } from 'react';
import { ParallelChart } from '../../../charts/analysis/parallel-chart.tsx';
import { padded, valueRange } from '../../../charts/data/axis-range.ts';
import { type BrushRange, brushed } from '../../../charts/data/brush.ts';
import { rankShares, resultsOf, sampleOf } from '../../../charts/data/rank-shares.ts';
import { roundTicks } from '../../../charts/data/round-ticks.ts';
import type { TrialTable } from '../../../charts/data/trial-table.ts';
import { axisOfParameter } from '../../../charts/echarts/chart-style.ts';
import { Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { countOf, formatCount } from '../../../format/number.ts';
import { LinkButton } from '../../../parts/link-button.tsx';
import classes from './analysis.module.css';
import type { AnalysisProps } from './analysis-context.ts';
import { RangeChips } from './range-chips.tsx';
import { RankLegend } from './rank-legend.tsx';
import { tableFilters } from './table-filters.ts';
import { TrialRows } from './trial-rows.tsx';

/** So many lines can be told apart at most, and are drawn at once. */
const drawnTrials = 2000;
const listedTrials = 30;
/** About so many marks of an axis have room. */
const axisMarks = 7;
const noBrush: readonly BrushRange[] = [];

/** Trials across their parameters and values; ranges on the axes leave those that lie in them. */
export default function ParallelPanel(props: AnalysisProps) {
  const { study, table, version, objective, shown: parameters, search, onChange, onOpen } = props;
  const isMetric = useCallback(
    (axis: string) => study.objectives.some(({ metric }) => metric === axis),
    [study.objectives],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the table
  const { shares, results, numbers } = useMemo(() => {
    const ranked = rankShares(table, objective.metric, objective.direction);
    const all = resultsOf(table, objective.metric);
    return { shares: ranked, results: all, numbers: sampleOf(all, ranked, drawnTrials) };
  }, [table, version, objective]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the table
  const axes = useMemo(() => {
    const ofParameters = parameters.map((parameter) => ({
      ...axisOfParameter(table.axis(parameter.name) ?? parameter),
      column: table.param(parameter.name),
    }));
    const ofMetrics = study.objectives.map(({ metric }) => {
      const values = numbers.map((number) => table.value(metric)[number]!);
      const [low, high] = valueRange(values, null) ?? [0, 1];
      const range = low === high ? padded([low, high], false) : ([low, high] as const);
      const ticks = ticksWithEnds(range);
      return { name: metric, log: false, range, labels: [], ticks, column: table.value(metric) };
    });
    return [...ofParameters, ...ofMetrics];
  }, [table, version, parameters, study.objectives, numbers]);

  const brush = useMemo(
    () => search.brush?.filter(({ axis }) => axes.some(({ name }) => name === axis)) ?? noBrush,
    [search.brush, axes],
  );
  const filters = useMemo(() => tableFilters(study, brush), [study, brush]);
  const columnOf = useCallback(
    (from: TrialTable, axis: string) => (isMetric(axis) ? from.value(axis) : from.param(axis)),
    [isMetric],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the table
  const kept = useMemo(
    () => [...brushed(table, results, brush, columnOf)].sort((a, b) => shares[a]! - shares[b]!),
    [table, version, results, brush, columnOf, shares],
  );
  const onBrush = useCallback(
    (ranges: readonly BrushRange[]) => onChange({ brush: ranges.length > 0 ? ranges : undefined }),
    [onChange],
  );

  if (results.length === 0) {
    return (
      <Panel title="Parallel coordinates">
        <Nothing height={300}>The first completed trial appears here.</Nothing>
      </Panel>
    );
  }
  const sampled =
    numbers.length < results.length
      ? `${formatCount(numbers.length)} of ${formatCount(results.length)} trials are drawn: the best half of them, and of the others every n-th. `
      : '';
  return (
    <div className={classes.stack}>
      <Panel
        title="Parallel coordinates"
        note={`${formatCount(kept.length)} of ${countOf(results.length, 'completed trial')}`}
        foot={
          <>
            {sampled}Drag along an axis, or press r, to keep the trials in a range.{' '}
            <RankLegend from={`best ${objective.metric}`} to="worst" />
          </>
        }
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
        <section className={classes.wide} tabIndex={0} aria-label="Axes">
          <div>
            <ParallelChart {...{ table, version, axes, numbers, shares, brush, onBrush }} height={380} />
          </div>
        </section>
      </Panel>
      <Panel
        title="Trials in the ranges"
        note={
          kept.length > listedTrials ? `the best ${listedTrials} of ${formatCount(kept.length)}` : undefined
        }
        controls={
          <>
            <RangeChips axes={axes} brush={brush} onBrush={onBrush} />
            {filters !== null && (
              <LinkButton
                size="compact-xs"
                variant="subtle"
                to="/studies/$id/trials"
                params={{ id: study.id }}
                search={{ states: ['COMPLETED'], ...(brush.length > 0 && { filters }) }}
              >
                In the table
              </LinkButton>
            )}
          </>
        }
      >
        {kept.length === 0 ? (
          <Nothing>No trial lies in all of these ranges. Widen or clear one.</Nothing>
        ) : (
          <TrialRows
            study={study}
            table={table}
            numbers={kept.slice(0, listedTrials)}
            parameters={parameters.map(({ name }) => name)}
            label="Trials in the ranges"
            onOpen={onOpen}
          />
        )}
      </Panel>
    </div>
  );
}

/** The ends of a range, and round numbers that do not stand too near to them. */
function ticksWithEnds([low, high]: readonly [number, number]): readonly number[] {
  const room = (high - low) / (1.5 * axisMarks);
  const between = roundTicks(low, high, axisMarks).filter((tick) => tick - low > room && high - tick > room);
  return [low, ...between, high];
}
