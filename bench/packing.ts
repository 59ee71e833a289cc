import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../src/core/random.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../test/support/trialgraph-process.ts';
import { leastMilliseconds, type Occupant } from './packing/least-time.ts';
import type { BenchmarkResult } from './result.ts';

const mebibyte = 2 ** 20;
const slots = 8;
const memoryShare = 0.8;
const deviceMebibytes = 160;
const limitMebibytes = deviceMebibytes * memoryShare;
const count = 30;

/**
 * Trials a minute on a device of a stated size: one at a time, packed by memory, and by the best order that could be. The
 * trials hold memory and wait, so that the cores of this machine do not decide.
 */
export async function run(): Promise<BenchmarkResult> {
  const trials = someTrials();
  await using directory = await temporaryDirectory();
  const server = await startTrialgraph({
    dataDir: directory.path,
    args: ['--slots', String(slots)],
    env: {
      TRIALGRAPH_TRAINABLES_DIR: join(import.meta.dirname, 'packing', 'trainables'),
      TRIALGRAPH_DEVICE_MEMORY: String(deviceMebibytes * mebibyte),
      TRIALGRAPH_MEMORY_SHARE: String(memoryShare),
    },
  });
  try {
    // Threads start once.
    await runStudy(server, 'warm up', Array(slots).fill({ mebibytes: 1, milliseconds: 500 }), null);
    const alone = await runStudy(server, 'one at a time', trials, 1);
    const packed = await runStudy(server, 'packed', trials, null);
    const least = leastMilliseconds(trials, limitMebibytes, slots);
    const perMinute = (milliseconds: number) => (count / milliseconds) * 60_000;
    const row = (order: string, milliseconds: number, maxRunning: number, maxReserved: number | null) => ({
      order,
      seconds: milliseconds / 1000,
      trialsPerMinute: perMinute(milliseconds),
      maxRunning,
      maxReservedMebibytes: maxReserved,
    });
    return {
      rows: [
        row('one at a time', alone.milliseconds, alone.maxRunning, alone.maxReservedMebibytes),
        row('packed', packed.milliseconds, packed.maxRunning, packed.maxReservedMebibytes),
        row('no order can be faster than', least, slots, limitMebibytes),
      ],
      trials: count,
      slots,
      limitMebibytes,
      trialsPerMinute: perMinute(packed.milliseconds),
      oneAtATimePerMinute: perMinute(alone.milliseconds),
      bestPossiblePerMinute: perMinute(least),
      speedup: alone.milliseconds / packed.milliseconds,
      shareOfBestPossible: least / packed.milliseconds,
    };
  } finally {
    await server.stop();
  }
}

/** A few large trials among many small ones, from a fixed seed. */
function someTrials(): Occupant[] {
  const random = createRandom(7);
  return Array.from({ length: count }, () => ({
    mebibytes: Math.round(6 * 12 ** random.uniform()),
    milliseconds: 1000 + random.integer(3000),
  }));
}

interface StudyRun {
  readonly milliseconds: number;
  readonly maxRunning: number;
  readonly maxReservedMebibytes: number;
}

async function runStudy(
  server: TrialgraphProcess,
  name: string,
  trials: readonly Occupant[],
  maxConcurrentTrials: number | null,
): Promise<StudyRun> {
  const { createStudy } = await server.graphql<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    {
      input: {
        name,
        trainable: 'occupant',
        objectives: [{ metric: 'held', direction: 'MAXIMIZE' }],
        maxConcurrentTrials,
      },
    },
  );
  const { id } = createStudy;
  await server.graphql(
    'mutation ($id: ID!, $params: [JSON!]!) { enqueueTrials(study: $id, params: $params) { id } }',
    { id, params: trials },
  );
  await server.graphql('mutation ($id: ID!, $trials: Int!) { startStudy(id: $id, trials: $trials) { id } }', {
    id,
    trials: trials.length,
  });
  let [maxRunning, maxReserved] = [0, 0];
  for (;;) {
    const { study, devices } = await server.graphql<{
      study: {
        state: string;
        trials: { edges: { node: { startedAt: string; finishedAt: string; state: string } }[] };
      };
      devices: { runningTrials: number; memoryReservedBytes: number }[];
    }>(
      `query ($id: ID!) {
        study(id: $id) { state trials(first: 100) { edges { node { state startedAt finishedAt } } } }
        devices { runningTrials memoryReservedBytes }
      }`,
      { id },
    );
    maxRunning = Math.max(maxRunning, devices[0]!.runningTrials);
    maxReserved = Math.max(maxReserved, devices[0]!.memoryReservedBytes);
    if (study.state === 'FINISHED') {
      const nodes = study.trials.edges.map(({ node }) => node);
      const wrong = nodes.find(({ state }) => state !== 'COMPLETED');
      if (wrong !== undefined) throw new Error(`A trial of "${name}" is ${wrong.state}.`);
      const starts = nodes.map(({ startedAt }) => Date.parse(startedAt));
      const ends = nodes.map(({ finishedAt }) => Date.parse(finishedAt));
      const milliseconds = Math.max(...ends) - Math.min(...starts);
      return { milliseconds, maxRunning, maxReservedMebibytes: maxReserved / mebibyte };
    }
    await sleep(100);
  }
}
