import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { loadPart } from './live/load-part.ts';
import type { Session } from './live/session.ts';
import { readDevicesSearch } from './pages/devices/devices-search.ts';
import { readCompareStudiesSearch } from './pages/studies/compare-studies-search.ts';
import { readNewStudySearch } from './pages/studies/new-study-search.ts';
import { StudiesPage } from './pages/studies/studies-page.tsx';
import { readStudiesSearch } from './pages/studies/studies-search.ts';
import { readAnalysisSearch } from './pages/study/analysis-search.ts';
import { readCompareSearch } from './pages/study/compare-search.ts';
import { readCurvesSearch } from './pages/study/curves-search.ts';
import { readOverviewSearch } from './pages/study/overview-search.ts';
import { OverviewTab } from './pages/study/overview-tab.tsx';
import { StudyPage } from './pages/study/study-page.tsx';
import { readTrialsSearch } from './pages/study/trials-search.ts';
import { readTrialSearch } from './pages/trial/trial-search.ts';
import { Layout } from './shell/layout.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Problem } from './shell/problem.tsx';

/*
 * The addresses of all pages. What a page shows is in its address: each has a function that reads its search parameters,
 * dropping what makes no sense, in a *-search.ts file beside it. The pages that are mostly opened first come with the
 * frame, the others when they are opened.
 */

const root = createRootRouteWithContext<{ readonly session: Session }>()({
  component: Layout,
  notFoundComponent: () => <NotFound />,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/studies', replace: true });
  },
});

const studies = createRoute({
  getParentRoute: () => root,
  path: '/studies',
  validateSearch: readStudiesSearch,
  component: StudiesPage,
});

const newStudy = createRoute({
  getParentRoute: () => root,
  path: '/studies/new',
  validateSearch: readNewStudySearch,
  component: lazyRouteComponent(
    () => loadPart(() => import('./pages/studies/new-study-page.tsx')),
    'NewStudyPage',
  ),
});

const compareStudies = createRoute({
  getParentRoute: () => root,
  path: '/studies/compare',
  validateSearch: readCompareStudiesSearch,
  component: lazyRouteComponent(
    () => loadPart(() => import('./pages/studies/compare-studies-page.tsx')),
    'CompareStudiesPage',
  ),
});

const study = createRoute({
  getParentRoute: () => root,
  path: '/studies/$id',
  // Its first query is under way while the page is drawn; links that are only pointed at ask for nothing.
  loader: ({ context, params, cause }) => {
    if (cause !== 'preload') context.session.prefetchStudy(params.id);
  },
  component: StudyPage,
});

const overview = createRoute({
  getParentRoute: () => study,
  path: '/',
  validateSearch: readOverviewSearch,
  component: OverviewTab,
});

const curves = createRoute({
  getParentRoute: () => study,
  path: '/curves',
  validateSearch: readCurvesSearch,
  component: lazyRouteComponent(() => loadPart(() => import('./pages/study/curves-tab.tsx')), 'CurvesTab'),
});

const trials = createRoute({
  getParentRoute: () => study,
  path: '/trials',
  validateSearch: readTrialsSearch,
  component: lazyRouteComponent(() => loadPart(() => import('./pages/study/trials-tab.tsx')), 'TrialsTab'),
});

const analysis = createRoute({
  getParentRoute: () => study,
  path: '/analysis',
  validateSearch: readAnalysisSearch,
  component: lazyRouteComponent(
    () => loadPart(() => import('./pages/study/analysis-tab.tsx')),
    'AnalysisTab',
  ),
});

const compare = createRoute({
  getParentRoute: () => study,
  path: '/compare',
  validateSearch: readCompareSearch,
  component: lazyRouteComponent(() => loadPart(() => import('./pages/study/compare-tab.tsx')), 'CompareTab'),
});

const trial = createRoute({
  getParentRoute: () => root,
  path: '/trials/$id',
  validateSearch: readTrialSearch,
  component: lazyRouteComponent(() => loadPart(() => import('./pages/trial/trial-page.tsx')), 'TrialPage'),
});

const devices = createRoute({
  getParentRoute: () => root,
  path: '/devices',
  validateSearch: readDevicesSearch,
  component: lazyRouteComponent(
    () => loadPart(() => import('./pages/devices/devices-page.tsx')),
    'DevicesPage',
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    studies,
    newStudy,
    compareStudies,
    study.addChildren([overview, curves, trials, analysis, compare]),
    trial,
    devices,
  ]),
  // `App` gives it.
  context: { session: undefined! },
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: ({ error, reset }) => <Problem error={error as Error} onRetry={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
