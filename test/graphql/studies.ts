import type { GraphqlServer, Variables } from './harness.ts';

export interface AskedTrial {
  readonly id: string;
  readonly number: number;
  readonly attempt: number;
  readonly params: Readonly<Record<string, unknown>>;
}

type Values = Readonly<Record<string, number>>;

let created = 0;

/** Studies whose trials the test runs itself. */
export function createStudies({ data }: GraphqlServer) {
  return {
    /** @returns its id */
    async createStudy(input: Variables = {}): Promise<string> {
      const { createStudy } = await data<{ createStudy: { id: string } }>(
        'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
        {
          input: {
            name: `study ${++created}`,
            objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
            searchSpace: { x: { type: 'float', low: 0, high: 1 } },
            sampler: { kind: 'random', seed: 1 },
            ...input,
          },
        },
      );
      return createStudy.id;
    },

    async askTrials(study: string, count: number): Promise<AskedTrial[]> {
      const { askTrials } = await data<{ askTrials: AskedTrial[] }>(
        'mutation ($study: ID!, $count: Int!) { askTrials(study: $study, count: $count) { id number attempt params } }',
        { study, count },
      );
      return askTrials;
    },

    async report(
      trial: string,
      name: string,
      steps: readonly number[],
      values: readonly number[],
    ): Promise<void> {
      await data('mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted } }', {
        input: { trial, series: [{ name, steps, values }] },
      });
    },

    /** Ends many trials in one request. */
    async completeTrials(
      trials: readonly AskedTrial[],
      valuesOf: (trial: AskedTrial) => Values,
    ): Promise<void> {
      await data('mutation ($input: [TellTrialsInput!]!) { tellTrials(input: $input) { id } }', {
        input: trials.map((trial) => ({ id: trial.id, values: valuesOf(trial) })),
      });
    },

    async completeTrial(trial: string, values: Values): Promise<void> {
      await data(
        'mutation ($id: ID!, $values: JSON) { tellTrial(id: $id, input: { values: $values }) { id } }',
        {
          id: trial,
          values,
        },
      );
    },
  };
}
