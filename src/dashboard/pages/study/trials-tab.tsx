import { Button, Switch, Tooltip } from '@mantine/core';
import { IconArrowsDiff, IconListSearch, IconRocket } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { countOf, formatCount } from '../../format/number.ts';
import { useSession } from '../../live/session-context.ts';
import { useStore } from '../../live/store.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Problem } from '../../shell/problem.tsx';
import type { Change } from '../../shell/search-params.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { useStudy } from './study-context.ts';
import { ActiveFilters } from './trials/active-filters.tsx';
import { ColumnChooser } from './trials/column-chooser.tsx';
import { ColumnHead } from './trials/column-head.tsx';
import { CsvMenu } from './trials/csv-menu.tsx';
import { rememberColumns, rememberedColumns } from './trials/remembered-columns.ts';
import { StateFilter } from './trials/state-filter.tsx';
import { type TrialColumn, trialColumns, usualColumns } from './trials/trial-columns.ts';
import { filterOf, orderOf } from './trials/trial-filter.ts';
import { TrialGrid } from './trials/trial-grid.tsx';
import classes from './trials/trials-tab.module.css';
import { useColumnWidths } from './trials/use-column-widths.ts';
import { useTrialRows } from './trials/use-trial-rows.ts';
import type { ColumnFilter, TrialsSearch } from './trials-search.ts';

const route = getRouteApi('/studies/$id/trials');
const rowHeight = 34;
/** Enough to compare, and few enough for an address. */
const maxSelected = 50;

/** The trials of a study: any order, any filter, any length. */
export function TrialsTab() {
  const study = useStudy();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const toPage = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);

  // Events replace the study; its columns stay as long as these parts do.
  const shape = JSON.stringify([study.searchSpace, study.objectives, study.constraints]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape holds what they are made of
  const all = useMemo(() => trialColumns(study), [shape]);
  const shown = search.columns ?? usualColumns(all);
  const [widths, resize] = useColumnWidths(study.id);
  const columns = useMemo(
    () =>
      shown.flatMap((id) => {
        const column = all.find((other) => other.id === id);
        return column === undefined ? [] : { ...column, width: widths[id] ?? column.width };
      }),
    [all, shown, widths],
  );
  const filter = useMemo(() => filterOf(search, all), [search, all]);
  const orderBy = useMemo(() => orderOf(search, all), [search, all]);
  const rows = useTrialRows(study.id, filter, orderBy, (moved) => {
    scroller.current?.scrollBy({ top: moved * rowHeight });
  });
  const error = useStore(rows.error);

  const change = useCallback(
    (next: Change<TrialsSearch>) =>
      void navigate({
        search: (old) => ({ ...old, ...next }) as TrialsSearch,
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: only where the page begins without any
  useEffect(() => {
    const { columns: remembered } = rememberedColumns(study.id);
    if (search.columns === undefined && remembered !== undefined) change({ columns: remembered });
  }, [study.id]);
  useEffect(() => {
    // Another order or filter is another list.
    if (filter !== undefined && orderBy !== undefined) scroller.current?.scrollTo({ top: 0 });
  }, [filter, orderBy]);

  const selected = useMemo(() => new Set(search.selected), [search.selected]);
  const select = (numbers: ReadonlySet<number>) => {
    const kept = [...numbers].slice(0, maxSelected);
    change({ selected: kept.length > 0 ? kept : undefined });
  };
  const setFilter = (id: string, next: ColumnFilter | undefined) => {
    const { [id]: _, ...others } = search.filters ?? {};
    const filters = next === undefined ? others : { ...others, [id]: next };
    change({ filters: Object.keys(filters).length > 0 ? filters : undefined });
  };
  const sort = (id: string) => {
    const isSorted = (search.order ?? 'number') === id;
    const isFirstDescending = study.objectives.some(
      ({ metric, direction }) => id === `value:${metric}` && direction === 'MAXIMIZE',
    );
    const descending = isSorted ? !search.descending : isFirstDescending;
    change({ order: id === 'number' ? undefined : id, descending: descending || undefined });
  };
  const compare = () =>
    void toPage({
      to: '/studies/$id/compare',
      params: { id: study.id },
      search: { trials: [...selected].sort((a, b) => a - b) },
    });
  useShortcut('c', 'Compare the selected trials', () => selected.size > 0 && compare());
  useShortcut('p', 'Hide or show pruned trials', () =>
    change({ hidePruned: search.hidePruned ? undefined : true }),
  );

  const deviceNames = (useStore(useSession().devices) ?? []).map(({ name }) => name);
  const head = (column: TrialColumn) => {
    const isSorted = (search.order ?? 'number') === column.id;
    return (
      <ColumnHead
        key={column.id}
        column={column}
        direction={isSorted ? (search.descending ? 'descending' : 'ascending') : null}
        filter={search.filters?.[column.id]}
        suggestions={column.filter === 'devices' ? deviceNames : []}
        onSort={() => sort(column.id)}
        onFilter={(next) => setFilter(column.id, next)}
        onResize={(width) => resize(column.id, width)}
      />
    );
  };

  if (study.trialCounts.total === 0 && filter === null) {
    return (
      <EmptyState icon={<IconRocket size={28} stroke={1.5} />} title="No trials yet">
        Start the study, or ask for trials from a client, and they appear here at once.
      </EmptyState>
    );
  }
  const isNarrowed = filter !== null && rows.totalCount !== null;
  return (
    <div className={classes.tab}>
      <div className={classes.bar}>
        <div className={classes.left}>
          <StateFilter
            counts={study.trialCounts}
            states={search.states}
            onChange={(states) => change({ states })}
          />
          {(study.trialCounts.pruned > 0 || search.hidePruned) && (
            <Switch
              label="Hide pruned"
              checked={search.hidePruned ?? false}
              onChange={({ currentTarget }) => change({ hidePruned: currentTarget.checked || undefined })}
            />
          )}
        </div>
        <div className={classes.right}>
          <span className={`${classes.count} numeric`} role="status">
            {isNarrowed
              ? `${formatCount(rows.totalCount!)} of ${formatCount(study.trialCounts.total)}`
              : countOf(study.trialCounts.total, 'trial')}
          </span>
          {selected.size > 0 && (
            <div className={classes.selection}>
              <Tooltip
                label={`${[...selected].map((number) => `#${number}`).join(', ')} (c)`}
                maw={300}
                multiline
              >
                <Button leftSection={<IconArrowsDiff size={14} />} onClick={compare}>
                  Compare {selected.size}
                </Button>
              </Tooltip>
              <Button variant="subtle" color="gray" onClick={() => select(new Set())}>
                Clear
              </Button>
            </div>
          )}
          <CsvMenu
            study={study.id}
            fileName={study.name}
            filter={filter}
            orderBy={orderBy}
            columns={columns}
            selected={[...selected]}
          />
          <ColumnChooser
            all={all}
            shown={shown}
            onChoose={(next) => {
              rememberColumns(study.id, next);
              change({ columns: next });
            }}
          />
        </div>
      </div>
      <ActiveFilters
        columns={all}
        filters={search.filters ?? {}}
        onRemove={(id) => setFilter(id, undefined)}
        onClear={() => change({ filters: undefined })}
      />
      {error !== null && rows.totalCount === null ? (
        <Problem error={error} onRetry={() => void rows.expire()} />
      ) : (
        <TrialGrid
          rows={rows}
          expectedCount={filter === null ? study.trialCounts.total : Math.min(study.trialCounts.total, 50)}
          columns={columns}
          selected={selected}
          scroller={scroller}
          onSelect={select}
          head={head}
          label={`Trials of ${study.name}`}
        />
      )}
      {rows.totalCount === 0 && (
        <div className={classes.message}>
          <EmptyState
            icon={<IconListSearch size={28} stroke={1.5} />}
            title="No trial passes the filter"
            action={
              <Button
                variant="default"
                onClick={() => change({ filters: undefined, states: undefined, hidePruned: undefined })}
              >
                Show all trials
              </Button>
            }
          />
        </div>
      )}
    </div>
  );
}
