import { Button, Skeleton } from '@mantine/core';
import { IconArrowsDiff, IconFlask2, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { StudyOrder } from '../../../client/index.ts';
import { formatCount } from '../../format/number.ts';
import { LinkButton } from '../../parts/link-button.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Page } from '../../shell/page.tsx';
import { Problem } from '../../shell/problem.tsx';
import { compact } from '../../shell/search-params.ts';
import classes from './studies-page.module.css';
import { StudyFilters } from './study-filters.tsx';
import { StudyTable } from './study-table.tsx';
import { useStudies } from './use-studies.ts';

const route = getRouteApi('/studies');
const pageSize = 50;
/** What one answer of the server holds at most. */
const mostStudies = 1000;
const none: readonly string[] = [];

const orders: Readonly<Record<'updated' | 'created' | 'name', StudyOrder>> = {
  updated: { field: 'UPDATED_AT', descending: true },
  created: { field: 'CREATED_AT', descending: true },
  name: { field: 'NAME', descending: false },
};

export function StudiesPage() {
  const { q, states, tags, project, order, count = pageSize, selected: chosen = none } = route.useSearch();
  const navigate = route.useNavigate();
  const first = Math.max(1, Math.min(mostStudies, Math.floor(count)));
  const selected = useMemo(() => new Set(chosen), [chosen]);
  const filter = {
    nameContains: q ?? null,
    states: states ?? null,
    tags: tags ?? null,
    project: project ?? null,
  };
  const { data, error, refetch } = useStudies({ first, filter, orderBy: orders[order ?? 'updated'] });
  const studies = data?.studies.edges.map(({ node }) => node);
  const isFiltered = q !== undefined || states !== undefined || tags !== undefined || project !== undefined;

  const select = (id: string, isSelected: boolean) => {
    const others = chosen.filter((other) => other !== id);
    const next = isSelected ? [...others, id] : others;
    void navigate({
      search: (old) => compact({ ...old, selected: next.length > 0 ? next : undefined }),
      replace: true,
    });
  };

  return (
    <Page
      title="Studies"
      heading={
        <h1 className={classes.title}>
          Studies {data && <span className="numeric">{formatCount(data.studies.totalCount)}</span>}
        </h1>
      }
      actions={
        <>
          {selected.size > 1 && (
            <LinkButton
              to="/studies/compare"
              search={{ studies: [...selected] }}
              variant="default"
              leftSection={<IconArrowsDiff size={14} />}
            >
              Compare {selected.size}
            </LinkButton>
          )}
          <LinkButton to="/studies/new" leftSection={<IconPlus size={14} />}>
            New study
          </LinkButton>
        </>
      }
      bar={<StudyFilters />}
    >
      {studies === undefined && error !== null && <Problem error={error} onRetry={refetch} />}
      {studies === undefined && error === null && <Waiting />}
      {studies?.length === 0 &&
        (isFiltered ? (
          <EmptyState
            icon={<IconSearchOff size={28} stroke={1.5} />}
            title="No study is like that"
            action={
              <Button variant="default" onClick={() => void navigate({ search: {} })}>
                Show all studies
              </Button>
            }
          />
        ) : (
          <EmptyState
            icon={<IconFlask2 size={28} stroke={1.5} />}
            title="No studies yet"
            action={<LinkButton to="/studies/new">Create the first one</LinkButton>}
          >
            A study searches for good settings of something that can be trained. Create one here, with the
            TypeScript client, or by the createStudy mutation.
          </EmptyState>
        ))}
      {studies !== undefined && studies.length > 0 && (
        <StudyTable studies={studies} selected={selected} onSelect={select} />
      )}
      {data !== undefined && data.studies.totalCount > first && (
        <div className={classes.more}>
          <span className="numeric">
            {formatCount(first)} of {formatCount(data.studies.totalCount)} studies
          </span>
          {first < mostStudies ? (
            <Button
              variant="default"
              onClick={() =>
                void navigate({
                  search: (old) => ({ ...old, count: first + pageSize }),
                  replace: true,
                  resetScroll: false,
                })
              }
            >
              Show more
            </Button>
          ) : (
            'Search for the others.'
          )}
        </div>
      )}
    </Page>
  );
}

function Waiting() {
  return (
    <div aria-hidden="true">
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} height={36} mb={16} />
      ))}
    </div>
  );
}
