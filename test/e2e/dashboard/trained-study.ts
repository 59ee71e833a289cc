import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialgraphProcess } from '../../support/trialgraph-process.ts';

export interface TrainedStudyOptions {
  readonly name: string;
  readonly trials: number;
  /** More of createStudy's input. */
  readonly input?: object;
}

/** A finished study of real trials: small networks that learn Fisher's iris flowers. @returns its id */
export async function trainedStudy(
  server: TrialgraphProcess,
  { name, trials, input = {} }: TrainedStudyOptions,
): Promise<string> {
  const id = await createStudy(server, { name, stopRules: { maxTrials: trials }, ...input });
  await server.graphql('mutation ($id: ID!) { startStudy(id: $id) { id } }', { id });
  for (;;) {
    const { study } = await server.graphql<{ study: { state: string } }>(
      'query ($id: ID!) { study(id: $id) { state } }',
      { id },
    );
    if (study.state === 'FINISHED') return id;
    await sleep(100);
  }
}

/** A study of the same that has not begun. @returns its id */
export async function createStudy(server: TrialgraphProcess, input: object): Promise<string> {
  const { createStudy: created } = await server.graphql<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    {
      input: {
        trainable: 'dense',
        trainableOptions: { dataset: 'iris', epochs: 5 },
        objectives: [{ metric: 'valLoss', direction: 'MINIMIZE' }],
        sampler: { kind: 'random', seed: 1 },
        ...input,
      },
    },
  );
  return created.id;
}
