import type { BenchmarkResult } from './result.ts';

interface Benchmark {
  readonly description: string;
  /** Options beside `--json`: the flags as commander reads them, and what they mean. */
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
  load(): Promise<{ run(options: GivenOptions): Promise<BenchmarkResult> }>;
}

/** The options that were given, by their names in camel case. */
export type GivenOptions = Readonly<Record<string, string | boolean>>;

/** Every benchmark by name; a module is loaded only when it runs. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  curves: {
    description: 'how long charts wait for their curves, against SQL over a row a point',
    load: () => import('./curves.ts'),
  },
  dashboard: {
    description: 'the dashboard in Chromium: first data of 100,000 trials, frames while 50 trials report',
    load: () => import('./dashboard.ts'),
  },
  fanout: {
    description: 'messages to 1,000 subscribers of a study, against bare WebSockets',
    load: () => import('./fanout.ts'),
  },
  importance: {
    description: 'importances and insights of 10,000 trials, against Optuna',
    load: () => import('./importance.ts'),
  },
  ingest: {
    description: 'points a second that reportMetrics stores, against COPY of the same points',
    load: () => import('./ingest.ts'),
  },
  latency: {
    description: 'queries while two trials train, against an idle server',
    load: () => import('./latency.ts'),
  },
  packing: {
    description: 'trials a minute packed by memory, against one at a time and the best possible order',
    load: () => import('./packing.ts'),
  },
  pruning: {
    description: 'steps until a good setting is found with each pruner, against none and against Optuna',
    load: () => import('./pruning.ts'),
  },
  'sampler-latency': {
    description: 'how long ask and tell take after 100 to 100,000 trials, against Optuna',
    options: [
      [
        '--trials <counts>',
        'finished trials, with commas between (100,1000,10000,100000; the last takes minutes)',
      ],
    ],
    load: () => import('./sampler-latency.ts'),
  },
  'sampler-quality': {
    description: 'how good the settings are that samplers find, against Optuna',
    options: [
      ['--tables <dir>', 'look-up tables of tuning problems, a NAME.json and NAME.f32 each'],
      ['--seeds <count>', 'paired seeds a problem (20)'],
      ['--samplers <kinds>', 'kinds of samplers, with commas between (auto)'],
      ['--problems <families>', 'families of problems, with commas between (all)'],
      ['--held-back', 'the half of the problems that nobody looks at while tuning, instead of the other'],
      ['--peer <source>', 'run, recorded or none (run where a Python has Optuna, otherwise recorded)'],
      ['--record', "keep the peer's runs as the recorded ones"],
    ],
    load: () => import('./sampler-quality.ts'),
  },
  'study-page': {
    description: 'the queries of a page of a study of 100,000 trials',
    load: () => import('./study-page.ts'),
  },
  'trial-overhead': {
    description: 'a training as a trial that reports every batch, against the same as a bare script',
    options: [['--rounds <count>', 'how many trainings of each (4)']],
    load: () => import('./trial-overhead.ts'),
  },
};
