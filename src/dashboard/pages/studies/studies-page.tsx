import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { formatCount } from '../../format/number.ts';
import { useLiveQuery } from '../../live/use-live-query.ts';
import { studyList } from '../../operations/studies.ts';
import { StudyStateMark } from '../../parts/study-state-mark.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Page } from '../../shell/page.tsx';
import { Problem } from '../../shell/problem.tsx';

const route = getRouteApi('/studies');
const pageSize = 100;

export function StudiesPage() {
  const { states } = route.useSearch();
  const { data, error, refetch } = useLiveQuery(studyList, {
    first: pageSize,
    filter: states ? { states } : null,
    orderBy: { field: 'UPDATED_AT' },
  });
  if (error !== null && data === undefined) return <Problem error={error} onRetry={refetch} />;
  return (
    <Page
      title="Studies"
      actions={
        <Button component={Link} to="/studies/new" leftSection={<IconPlus size={14} />}>
          New study
        </Button>
      }
    >
      {data?.studies.totalCount === 0 && <EmptyState title="No studies yet" />}
      <table>
        <tbody>
          {data?.studies.edges.map(({ node }) => (
            <tr key={node.id}>
              <td>
                <Link to="/studies/$id" params={{ id: node.id }}>
                  {node.name}
                </Link>
              </td>
              <td>
                <StudyStateMark state={node.state} />
              </td>
              <td className="numeric">{formatCount(node.trialCounts.total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Page>
  );
}
