import type { BenchmarkResult } from './result.ts';

interface Benchmark {
  readonly description: string;
  load(): Promise<{ run(): Promise<BenchmarkResult> }>;
}

/** Every benchmark by name; a module is loaded only when it runs. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  ingest: {
    description: 'points a second that reportMetrics stores, against COPY of the same points',
    load: () => import('./ingest.ts'),
  },
  latency: {
    description: 'queries while two trials train, against an idle server',
    load: () => import('./latency.ts'),
  },
};
