import { Skeleton } from '@mantine/core';
import { getRouteApi, Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useLiveStudy } from '../../live/use-live-study.ts';
import { StudyStateMark } from '../../parts/study-state-mark.tsx';
import { TagList } from '../../parts/tag-list.tsx';
import { NotFound } from '../../shell/not-found.tsx';
import { Page } from '../../shell/page.tsx';
import { Problem } from '../../shell/problem.tsx';
import { StudyButtons } from '../studies/study-buttons.tsx';
import { StudyMenu } from '../studies/study-menu.tsx';
import { StudyContext } from './study-context.ts';
import { StudyHead } from './study-head.tsx';
import classes from './study-page.module.css';

const route = getRouteApi('/studies/$id');

/** The frame of a study's page: its head and tabs. The tabs get the study by `useStudy`. */
export function StudyPage() {
  const { id } = route.useParams();
  const live = useLiveStudy(id);
  const navigate = useNavigate();
  if (live.status === 'failed') return <Problem error={live.error} />;
  if (live.status === 'missing') return <NotFound kind="study" />;
  if (live.status === 'loading') {
    return (
      <Page title="Study" heading={<Skeleton height={18} width={220} />}>
        {null}
      </Page>
    );
  }
  const { study } = live;
  return (
    <StudyContext value={study}>
      <Page
        title={study.name}
        heading={
          <div className={classes.heading}>
            <h1>{study.name}</h1>
            <StudyStateMark state={study.state} />
            <TagList tags={study.tags} />
          </div>
        }
        actions={
          <>
            <StudyButtons study={study} />
            <StudyMenu study={study} onDeleted={() => void navigate({ to: '/studies' })} />
          </>
        }
        bar={
          <>
            <StudyHead study={study} />
            <Tabs id={id} />
          </>
        }
      >
        <Outlet />
      </Page>
    </StudyContext>
  );
}

function Tabs({ id }: { readonly id: string }) {
  const params = { id };
  return (
    <nav className={classes.tabs} aria-label="Parts of the study">
      <Link to="/studies/$id" params={params} activeOptions={{ exact: true, includeSearch: false }}>
        Overview
      </Link>
      <Link to="/studies/$id/curves" params={params}>
        Curves
      </Link>
      <Link to="/studies/$id/trials" params={params}>
        Trials
      </Link>
      <Link to="/studies/$id/analysis" params={params}>
        Analysis
      </Link>
      <Link to="/studies/$id/compare" params={params}>
        Compare
      </Link>
    </nav>
  );
}
