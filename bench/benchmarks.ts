import type { BenchmarkResult } from './result.ts';

interface Benchmark {
  readonly description: string;
  load(): Promise<{ run(): Promise<BenchmarkResult> }>;
}

/** Every benchmark by name; a module is loaded only when it runs. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  curves: {
    description: 'how long charts wait for their curves, against SQL over a row a point',
    load: () => import('./curves.ts'),
  },
  fanout: {
    description: 'messages to 1,000 subscribers of a study, against bare WebSockets',
    load: () => import('./fanout.ts'),
  },
  ingest: {
    description: 'points a second that reportMetrics stores, against COPY of the same points',
    load: () => import('./ingest.ts'),
  },
  latency: {
    description: 'queries while two trials train, against an idle server',
    load: () => import('./latency.ts'),
  },
  'study-page': {
    description: 'the queries of a page of a study of 100,000 trials',
    load: () => import('./study-page.ts'),
  },
};
