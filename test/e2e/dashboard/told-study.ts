import type { TrialgraphProcess } from '../../support/trialgraph-process.ts';

interface AskedTrial {
  readonly id: string;
  readonly params: Readonly<Record<string, number>>;
}

/** What a trial reports, and how it ends. */
export interface ToldTrial {
  readonly values: Readonly<Record<string, number>>;
  readonly curve?: { readonly steps: readonly number[]; readonly values: readonly number[] };
}

export interface ToldStudyOptions {
  readonly name: string;
  /** Each to be minimized. */
  readonly objectives: readonly string[];
  readonly trials: number;
  run(params: AskedTrial['params'], trial: number): ToldTrial;
}

/** A study whose trials this process runs: it asks, reports and tells. @returns its id */
export async function toldStudy(server: TrialgraphProcess, options: ToldStudyOptions): Promise<string> {
  const { name, objectives, trials, run } = options;
  const { createStudy } = await server.graphql<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    {
      input: {
        name,
        objectives: objectives.map((metric) => ({ metric, direction: 'MINIMIZE' })),
        searchSpace: {
          x: { type: 'float', low: 0, high: 1 },
          rate: { type: 'float', low: 1e-4, high: 1, log: true },
        },
        sampler: { kind: 'random', seed: 1 },
      },
    },
  );
  const { askTrials } = await server.graphql<{ askTrials: AskedTrial[] }>(
    'mutation ($id: ID!, $count: Int!) { askTrials(study: $id, count: $count) { id params } }',
    { id: createStudy.id, count: trials },
  );
  for (const [trial, { id, params }] of askTrials.entries()) {
    const { values, curve } = run(params, trial);
    if (curve !== undefined) {
      await server.graphql(
        'mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted } }',
        {
          input: { trial: id, series: [{ name: objectives[0], ...curve }] },
        },
      );
    }
    await server.graphql(
      'mutation ($id: ID!, $input: TellTrialInput!) { tellTrial(id: $id, input: $input) { id } }',
      {
        id,
        input: { values },
      },
    );
  }
  return createStudy.id;
}
