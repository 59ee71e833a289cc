import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/storage/embedded-postgres/embedded-postgres.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../../test/support/trialgraph-process.ts';

/** Runs `work` with a server, and the PostgreSQL that it uses, in a directory that goes away afterwards. */
export async function withBenchServer<T>(
  work: (server: TrialgraphProcess, postgresUrl: string) => Promise<T>,
): Promise<T> {
  await using directory = await temporaryDirectory();
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory.path, 'postgres') });
  try {
    const server = await startTrialgraph({ dataDir: directory.path, env: { DATABASE_URL: postgres.url } });
    try {
      return await work(server, postgres.url);
    } finally {
      await server.stop();
    }
  } finally {
    await postgres.stop();
  }
}

/** A study whose trials run, for clients that report. @returns the ids of the study and its trials */
export async function startTrials(
  server: TrialgraphProcess,
  name: string,
  count: number,
): Promise<{ study: string; trials: string[] }> {
  const { createStudy } = await server.graphql<{ createStudy: { id: string } }>(
    `mutation ($name: String!) { createStudy(input: {
      name: $name, searchSpace: { x: { type: "float", low: 0, high: 1 } }, sampler: { kind: "random", seed: 1 }
      objectives: [{ metric: "loss", direction: MINIMIZE }]
    }) { id } }`,
    { name },
  );
  const { askTrials } = await server.graphql<{ askTrials: { id: string }[] }>(
    'mutation ($id: ID!, $count: Int!) { askTrials(study: $id, count: $count, leaseSeconds: 3600) { id } }',
    { id: createStudy.id, count },
  );
  return { study: createStudy.id, trials: askTrials.map(({ id }) => id) };
}

/** Ends trials, so that all their points will be compacted. */
export async function endTrials(server: TrialgraphProcess, trials: readonly string[]): Promise<void> {
  for (const id of trials) {
    await server.graphql('mutation ($id: ID!) { tellTrial(id: $id, input: { state: FAILED }) { id } }', {
      id,
    });
  }
}
