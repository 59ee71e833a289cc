import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../test/support/trialgraph-process.ts';
import type { GivenOptions } from './benchmarks.ts';
import { type BenchmarkResult, quantile } from './result.ts';
import { medianInterval } from './statistics/median-interval.ts';
import type { Isolation } from './trial-overhead/measured-trial.ts';
import { type Ending, MeasuredTrials } from './trial-overhead/measured-trials.ts';
import { processorTimes, timeBetween } from './trial-overhead/processor-time.ts';
import { Contest, type Contestant } from './trial-overhead/turns.ts';

const directory = join(import.meta.dirname, 'trial-overhead');
/** In which everything is compiled and cached. */
const warmUpBatches = 100;
const batchesATurn = 50;
/** Fewer than 750 batches in all: after so many Adam's first moments of dead units are denormal, and slow. */
const heatsARound = 6;
/** After a turn what it leaves to be done, such as storing its last points, gets its time before the next begins. */
const gapMs = 150;
const isolations: readonly Isolation[] = ['thread', 'process'];
/** The second script tells how far apart two are that do the same. */
const names = ['script', 'trial in a thread', 'trial in a process', 'script again'] as const;
type Name = (typeof names)[number];

/** What a training took for its two turns of a heat, in milliseconds. */
interface Heat {
  readonly wall: number;
  /** What the thread that trains had of a core. */
  readonly cpu: number;
  /** What was had of a core beside it: by the server's main thread, by other threads of its process, by PostgreSQL. */
  readonly mainThread: number;
  readonly otherThreads: number;
  readonly postgres: number;
}

/**
 * One training as a script of tfjs, twice, and as trials that report every batch, all at the same time and by turns; how
 * soon trials begin after the decision to start them, and end when they are stopped, pruned or paused.
 */
export async function run({ rounds: given = '4' }: GivenOptions): Promise<BenchmarkResult> {
  const rounds = Number(given);
  await using temporary = await temporaryDirectory();
  const server = await startTrialgraph({
    dataDir: temporary.path,
    args: ['--slots', '2'],
    env: { TRIALGRAPH_TRAINABLES_DIR: join(directory, 'trainables') },
  });
  try {
    const trials = new MeasuredTrials(server, temporary.path);
    const starts = await startsOf(trials, rounds + 2);
    const heats: Record<Name, Heat>[] = [];
    for (let round = 1; round <= rounds; round++) {
      const contest = new Contest(join(temporary.path, `turns-${round}`));
      heats.push(...(await heatsOf(round, server, trials, contest)));
      contest.close();
    }
    const endings = await endingsOf(trials, rounds + 2);
    const rows = names.map((name) => rowOf(name, heats));
    const [, thread, process, again] = rows;
    return {
      details: {
        'From the request (stop) or the report that calls for it (prune, pause) to the end of the training; batches since the answer (stop) or that report':
          endings,
      },
      rows,
      batches: heats.length * 2 * batchesATurn,
      heats: heats.length,
      cores: availableParallelism(),
      overheadRatio: thread!.ratio,
      processOverheadRatio: process!.ratio,
      scriptRatio: again!.ratio,
      ...starts,
      stopMs: endings[0]!.medianMs,
      stopBatches: endings[0]!.maxBatches,
      pruneMs: endings[1]!.medianMs,
      pruneBatches: endings[1]!.maxBatches,
      pauseMs: endings[2]!.medianMs,
      pauseBatches: endings[2]!.maxBatches,
    };
  } finally {
    await server.stop();
  }
}

async function heatsOf(
  seed: number,
  server: TrialgraphProcess,
  trials: MeasuredTrials,
  contest: Contest,
): Promise<Record<Name, Heat>[]> {
  const arrivals = names.map((name) => contest.arrival(name));
  startScript(contest.path, 'script', seed);
  startScript(contest.path, 'script again', seed);
  for (const isolation of isolations) {
    await trials.start({ isolation, seed, turns: { path: contest.path, name: `trial in a ${isolation}` } });
  }
  const contestants = await Promise.all(arrivals);
  for (const contestant of contestants) await contestant.train(warmUpBatches);
  const heats: Record<Name, Heat>[] = [];
  for (let i = 0; i < heatsARound; i++) {
    const heat = new Map<string, Heat>();
    // There and back, so that a machine that gets slower or faster meanwhile does so for all of them.
    for (const order of [contestants, [...contestants].reverse()]) {
      const losses = new Set<number>();
      for (const contestant of order) {
        const { times, loss } = await turnOf(contestant, server.pid);
        losses.add(loss);
        const first = heat.get(contestant.name);
        heat.set(contestant.name, first === undefined ? times : sumOf(first, times));
      }
      if (losses.size > 1) throw new Error(`They did not train the same: losses ${[...losses]}`);
    }
    heats.push(Object.fromEntries(heat) as Record<Name, Heat>);
  }
  for (const contestant of contestants) contestant.end();
  return heats;
}

function startScript(path: string, name: Name, seed: number): void {
  const script = join(directory, 'bare-script.ts');
  spawn(process.execPath, ['--import', 'tsx', script, path, name, String(seed)], { stdio: 'inherit' });
}

async function turnOf(contestant: Contestant, server: number): Promise<{ times: Heat; loss: number }> {
  const own = Number(contestant.thread?.split('/')[0]);
  const before = processorTimes(process.pid);
  const { wallMs, cpuMs, loss } = await contestant.train(batchesATurn);
  await sleep(gapMs);
  const after = processorTimes(process.pid);
  const isTrial = contestant.name.startsWith('trial');
  const isMain = (thread: string) => thread === `${server}/task/${server}`;
  return {
    times: {
      wall: wallMs,
      cpu: cpuMs ?? Number.NaN,
      mainThread: timeBetween(before, after, ({ thread }) => isTrial && isMain(thread)),
      otherThreads: timeBetween(
        before,
        after,
        ({ thread, process }) =>
          (process === own || (isTrial && process === server)) &&
          thread !== contestant.thread &&
          !isMain(thread),
      ),
      postgres: timeBetween(before, after, ({ program }) => isTrial && program === 'postgres'),
    },
    loss,
  };
}

function sumOf(a: Heat, b: Heat): Heat {
  return {
    wall: a.wall + b.wall,
    cpu: a.cpu + b.cpu,
    mainThread: a.mainThread + b.mainThread,
    otherThreads: a.otherThreads + b.otherThreads,
    postgres: a.postgres + b.postgres,
  };
}

/** Figures of one training, beside the first script's in the same heats. */
function rowOf(name: Name, heats: readonly Record<Name, Heat>[]) {
  const ratios = (of: (heat: Heat) => number) => heats.map((heat) => of(heat[name]) / of(heat.script));
  const msABatch = (of: (heat: Heat) => number) =>
    heats.reduce((sum, heat) => sum + of(heat[name]), 0) / (heats.length * 2 * batchesATurn);
  const wall = ratios((heat) => heat.wall);
  const { median, low, high } = medianInterval(wall);
  const sum = (who: Name) => heats.reduce((total, heat) => total + heat[who].wall, 0);
  return {
    training: name,
    ratio: median,
    from: low,
    to: high,
    'of sums': sum(name) / sum('script'),
    'CPU ratio': medianInterval(ratios((heat) => heat.cpu)).median,
    'ms a batch': msABatch((heat) => heat.wall),
    CPU: msABatch((heat) => heat.cpu),
    'main thread': msABatch((heat) => heat.mainThread),
    'other threads': msABatch((heat) => heat.otherThreads),
    PostgreSQL: msABatch((heat) => heat.postgres),
  };
}

async function startsOf(trials: MeasuredTrials, count: number) {
  const starts: number[] = [];
  for (let i = 0; i <= count; i++) {
    const run = await trials.start({ isolation: 'thread', batches: 30 });
    const { begunAt } = await run.log();
    starts.push(begunAt - Date.parse((await run.trial()).startedAt));
  }
  const [firstStartMs, ...others] = starts;
  return { firstStartMs, startMs: quantile(others, 0.5), maxStartMs: Math.max(...others) };
}

async function endingsOf(trials: MeasuredTrials, count: number) {
  const rows = [];
  for (const isolation of isolations) {
    for (const [ending, measure] of [
      ['stop', () => trials.stopped(isolation)],
      ['prune', () => trials.pruned(isolation)],
      ['pause', () => trials.paused(isolation)],
    ] as const) {
      const samples: Ending[] = [];
      for (let i = 0; i < count; i++) samples.push(await measure());
      rows.push({
        isolation,
        ending,
        medianMs: quantile(
          samples.map(({ ms }) => ms),
          0.5,
        ),
        maxMs: Math.max(...samples.map(({ ms }) => ms)),
        medianBatches: quantile(
          samples.map(({ batches }) => batches),
          0.5,
        ),
        maxBatches: Math.max(...samples.map(({ batches }) => batches)),
      });
    }
  }
  return rows;
}
