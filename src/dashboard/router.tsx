import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { readDevicesSearch } from './pages/devices/devices-search.ts';
import { readCompareStudiesSearch } from './pages/studies/compare-studies-search.ts';
import { readNewStudySearch } from './pages/studies/new-study-search.ts';
import { readStudiesSearch } from './pages/studies/studies-search.ts';
import { readAnalysisSearch } from './pages/study/analysis-search.ts';
import { readCompareSearch } from './pages/study/compare-search.ts';
import { readCurvesSearch } from './pages/study/curves-search.ts';
import { readOverviewSearch } from './pages/study/overview-search.ts';
import { readTrialsSearch } from './pages/study/trials-search.ts';
import { readTrialSearch } from './pages/trial/trial-search.ts';
import { Layout } from './shell/layout.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Problem } from './shell/problem.tsx';

/*
 * The addresses of all pages. What a page shows is in its address: each has a function that reads its search parameters,
 * dropping what makes no sense, in a *-search.ts file beside it. Pages are loaded when they are opened.
 */

const root = createRootRoute({ component: Layout, notFoundComponent: NotFound });

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
  component: lazyRouteComponent(() => import('./pages/studies/studies-page.tsx'), 'StudiesPage'),
});

const newStudy = createRoute({
  getParentRoute: () => root,
  path: '/studies/new',
  validateSearch: readNewStudySearch,
  component: lazyRouteComponent(() => import('./pages/studies/new-study-page.tsx'), 'NewStudyPage'),
});

const compareStudies = createRoute({
  getParentRoute: () => root,
  path: '/studies/compare',
  validateSearch: readCompareStudiesSearch,
  component: lazyRouteComponent(
    () => import('./pages/studies/compare-studies-page.tsx'),
    'CompareStudiesPage',
  ),
});

const study = createRoute({
  getParentRoute: () => root,
  path: '/studies/$id',
  component: lazyRouteComponent(() => import('./pages/study/study-page.tsx'), 'StudyPage'),
});

const overview = createRoute({
  getParentRoute: () => study,
  path: '/',
  validateSearch: readOverviewSearch,
  component: lazyRouteComponent(() => import('./pages/study/overview-tab.tsx'), 'OverviewTab'),
});

const curves = createRoute({
  getParentRoute: () => study,
  path: '/curves',
  validateSearch: readCurvesSearch,
  component: lazyRouteComponent(() => import('./pages/study/curves-tab.tsx'), 'CurvesTab'),
});

const trials = createRoute({
  getParentRoute: () => study,
  path: '/trials',
  validateSearch: readTrialsSearch,
  component: lazyRouteComponent(() => import('./pages/study/trials-tab.tsx'), 'TrialsTab'),
});

const analysis = createRoute({
  getParentRoute: () => study,
  path: '/analysis',
  validateSearch: readAnalysisSearch,
  component: lazyRouteComponent(() => import('./pages/study/analysis-tab.tsx'), 'AnalysisTab'),
});

const compare = createRoute({
  getParentRoute: () => study,
  path: '/compare',
  validateSearch: readCompareSearch,
  component: lazyRouteComponent(() => import('./pages/study/compare-tab.tsx'), 'CompareTab'),
});

const trial = createRoute({
  getParentRoute: () => root,
  path: '/trials/$id',
  validateSearch: readTrialSearch,
  component: lazyRouteComponent(() => import('./pages/trial/trial-page.tsx'), 'TrialPage'),
});

const devices = createRoute({
  getParentRoute: () => root,
  path: '/devices',
  validateSearch: readDevicesSearch,
  component: lazyRouteComponent(() => import('./pages/devices/devices-page.tsx'), 'DevicesPage'),
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
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: ({ error, reset }) => <Problem error={error as Error} onRetry={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
