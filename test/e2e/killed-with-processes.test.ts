import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { markedProcesses } from '../../src/execution/processes/marked-processes.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../support/trialgraph-process.ts';

const space = { x: { type: 'float', low: 0, high: 1 } };
const patient = { timeout: 60_000, interval: 100 };

/** A program that ignores SIGTERM, and so does its child and its daemon; it ends well in its second attempt. */
const program = `#!/bin/sh
trap '' TERM HUP
if [ "$TRIALGRAPH_ATTEMPT" -gt 1 ]; then echo loss=1; exit 0; fi
sleep 1000 & setsid sleep 1000 &
echo loss=2
while :; do sleep 0.1; done
`;

/** Hangs in a process of its own, and ends well when it is started again. */
const trainable = `import { defineTrainable } from 'trialgraph/trainable';
import { existsSync, writeFileSync } from 'node:fs';
export default defineTrainable({
  name: 'hanging', description: 'Hangs.', space: ${JSON.stringify(space)}, metrics: ['loss'], isolation: 'process',
  estimateMemory: () => 1e8,
  run: async (trial) => {
    await trial.report(1, { loss: 2 });
    if (existsSync(trial.options.file)) return { loss: 1 };
    writeFileSync(trial.options.file, '');
    for (;;);
  },
});`;

interface Trial {
  readonly state: string;
  readonly attempt: number;
  readonly failures: number;
  readonly values: { readonly loss: number } | null;
  readonly memory: { readonly peakBytes: number } | null;
}

async function trialOf(server: TrialgraphProcess, id: string): Promise<Trial> {
  const { study } = await server.graphql<{ study: { trials: { edges: { node: Trial }[] } } }>(
    `query ($id: ID!) { study(id: $id) {
      trials { edges { node { state attempt failures values memory { peakBytes } metricSeries { count } } } }
    } }`,
    { id },
  );
  return study.trials.edges[0]!.node;
}

test.skipIf(process.platform !== 'linux')(
  'a server killed with -9 takes the processes of its trials along, and starts the trials again',
  async () => {
    await using directory = await temporaryDirectory();
    const trainables = join(directory.path, 'trainables');
    await mkdir(trainables);
    await writeFile(join(trainables, 'deaf.sh'), program);
    await chmod(join(trainables, 'deaf.sh'), 0o755);
    const deaf = {
      name: 'deaf',
      command: ['./deaf.sh'],
      space,
      metrics: ['loss'],
      device: 'cpu',
      memoryBytes: 1e7,
    };
    await writeFile(join(trainables, 'deaf.command.json'), JSON.stringify(deaf));
    await writeFile(join(trainables, 'hanging.mjs'), trainable);
    const options = {
      dataDir: join(directory.path, 'data'),
      env: { TRIALGRAPH_TRAINABLES_DIR: trainables, TRIALGRAPH_SLOTS: '2' },
    };

    const first = await startTrialgraph(options);
    const hanging = join(directory.path, 'hanging');
    const ids: string[] = [];
    for (const [name, trainableOptions] of [
      ['deaf', {}],
      ['hanging', { file: hanging }],
    ] as const) {
      const { createStudy } = await first.graphql<{ createStudy: { id: string } }>(
        'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
        {
          input: {
            name,
            trainable: name,
            trainableOptions,
            objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
          },
        },
      );
      await first.graphql('mutation ($id: ID!) { startStudy(id: $id, trials: 1) { id } }', createStudy);
      ids.push(createStudy.id);
    }
    const server = (await readFile(join(options.dataDir, 'server-id'), 'utf8')).trim();
    const ownMarks = async () => (await markedProcesses(`server:${server}/`)).length;
    // The program with its loop's sleep, its child, its daemon, and the process of the other trial.
    await expect.poll(ownMarks, patient).toBeGreaterThanOrEqual(4);
    await expect.poll(() => existsSync(hanging), patient).toBe(true);
    await first.kill();
    // All but the daemon, which is ended when the server is started again.
    await expect.poll(ownMarks, patient).toBeLessThanOrEqual(1);

    const second = await startTrialgraph(options);
    try {
      for (const id of ids) {
        await expect
          .poll(() => trialOf(second, id), patient)
          .toMatchObject({ state: 'COMPLETED', attempt: 2, failures: 1, values: { loss: 1 } });
      }
      expect(await ownMarks()).toBe(0);
      expect((await trialOf(second, ids[1]!)).memory!.peakBytes).toBeGreaterThan(20e6);
    } finally {
      expect(await second.stop()).toBe(0);
    }
  },
  240_000,
);
