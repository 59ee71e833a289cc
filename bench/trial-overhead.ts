import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../test/support/trialgraph-process.ts';
import type { GivenOptions } from './benchmarks.ts';
import { type BenchmarkResult, quantile } from './result.ts';
import { batches, type TrainingTimes } from './trial-overhead/training.ts';

const directory = join(import.meta.dirname, 'trial-overhead');

/** What a trial of the benchmark knows at its end, in milliseconds since 1970. */
interface RunLog {
  readonly begunAt: number;
  readonly endedAt: number;
  /** When each batch was reported. */
  readonly reportedAt: readonly number[];
}

interface TrialRow {
  readonly state: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly metricSeries: readonly { readonly name: string; readonly last: number | null }[];
}

/**
 * One training as a script of tfjs and as a trial that reports every batch, by turns; how soon trials begin after the
 * decision to start them, and end after the decision to stop them.
 */
export async function run({ pairs: given = '7' }: GivenOptions): Promise<BenchmarkResult> {
  const pairs = Number(given);
  await using temporary = await temporaryDirectory();
  const file = join(temporary.path, 'runs.ndjson');
  const server = await startTrialgraph({
    dataDir: temporary.path,
    args: ['--slots', '1'],
    env: { TRIALGRAPH_TRAINABLES_DIR: join(directory, 'trainables') },
  });
  try {
    const trials = new Trials(server, file);
    const first = await trials.run({ batches: 60 });
    const bare: TrainingTimes[] = [];
    const asTrial: TrainingTimes[] = [];
    const startsMs: number[] = [];
    for (let pair = 1; pair <= pairs; pair++) {
      bare.push(await runBare(pair));
      const { trial, log } = await trials.run({ batches, seed: pair });
      asTrial.push({ wallMs: last(trial, 'wallMs')!, cpuMs: last(trial, 'cpuMs') });
      startsMs.push(log.begunAt - Date.parse(trial.startedAt));
    }
    const endings = {
      stop: await repeat(pairs, () => trials.stopped()),
      prune: await repeat(pairs, () => trials.pruned()),
      pause: await repeat(pairs, () => trials.paused()),
    };
    const median = (values: readonly number[]) => quantile(values, 0.5);
    const wall = (times: readonly TrainingTimes[]) => median(times.map(({ wallMs }) => wallMs));
    const cpu = (times: readonly TrainingTimes[]) => median(times.map(({ cpuMs }) => cpuMs ?? Number.NaN));
    const pairRatios = (of: (times: TrainingTimes) => number) =>
      median(asTrial.map((times, i) => of(times) / of(bare[i]!)));
    const ends = Object.entries(endings).map(([ending, samples]) => ({
      ending,
      medianMs: median(samples.map(({ ms }) => ms)),
      maxMs: Math.max(...samples.map(({ ms }) => ms)),
      medianBatches: median(samples.map(({ batches: count }) => count)),
      maxBatches: Math.max(...samples.map(({ batches: count }) => count)),
    }));
    return {
      details: {
        'From the decision (stop) or the report that calls for it (prune, pause) to the end of the training':
          ends,
      },
      rows: [
        { training: 'script', medianWallMs: wall(bare), medianCpuMs: cpu(bare) },
        {
          training: 'trial that reports every batch',
          medianWallMs: wall(asTrial),
          medianCpuMs: cpu(asTrial),
        },
      ],
      batches,
      pairs,
      cores: availableParallelism(),
      overheadRatio: pairRatios(({ wallMs }) => wallMs),
      overheadRatioOfMedians: wall(asTrial) / wall(bare),
      cpuRatio: pairRatios(({ cpuMs }) => cpuMs ?? Number.NaN),
      startMs: median(startsMs),
      maxStartMs: Math.max(...startsMs),
      firstStartMs: first.log.begunAt - Date.parse(first.trial.startedAt),
      stopMs: ends[0]!.medianMs,
      stopBatches: ends[0]!.maxBatches,
      pruneMs: ends[1]!.medianMs,
      pruneBatches: ends[1]!.medianBatches,
      pauseMs: ends[2]!.medianMs,
      pauseBatches: ends[2]!.medianBatches,
    };
  } finally {
    await server.stop();
  }
}

interface Ending {
  readonly ms: number;
  /** Batches that began after the decision. */
  readonly batches: number;
}

interface RunSettings {
  readonly batches: number;
  readonly seed?: number;
  readonly spikeAt?: number;
  readonly pruner?: object;
}

/** Trials of the benchmark's trainable, one after another. */
class Trials {
  readonly #server: TrialgraphProcess;
  readonly #file: string;
  #studies = 0;
  #runs = 0;

  constructor(server: TrialgraphProcess, file: string) {
    this.#server = server;
    this.#file = file;
  }

  /** Runs one to its end. */
  async run(settings: RunSettings): Promise<{ trial: TrialRow; log: RunLog }> {
    const study = await this.#start(settings);
    const log = await this.#nextLog();
    for (;;) {
      const trial = await this.#trialOf(study);
      if (trial.finishedAt !== null) return { trial, log };
      await sleep(5);
    }
  }

  async stopped(): Promise<Ending> {
    const study = await this.#start({ batches: 100_000 });
    await sleep(400);
    await this.#server.graphql('mutation ($study: ID!) { stopStudy(id: $study) { id } }', { study });
    const log = await this.#nextLog();
    return endingOf(log, Date.parse((await this.#trialOf(study)).finishedAt!));
  }

  async pruned(): Promise<Ending> {
    const spikeAt = 20;
    await this.#start({ batches: 100_000, spikeAt, pruner: { kind: 'threshold', upper: 1000 } });
    const log = await this.#nextLog();
    return endingOf(log, log.reportedAt[spikeAt - 1]!);
  }

  /** Promotion pauses the first trial of a study at its first rung. */
  async paused(): Promise<Ending> {
    const pruner = { kind: 'asha', promotion: true, minResource: 20, maxResource: 100_000 };
    const study = await this.#start({ batches: 100_000, pruner });
    const log = await this.#nextLog();
    await this.#server.graphql('mutation ($study: ID!) { stopStudy(id: $study) { id } }', { study });
    return endingOf(log, log.reportedAt[19]!);
  }

  async #start({ batches: count, seed = 1, spikeAt = 0, pruner }: RunSettings): Promise<string> {
    const { createStudy } = await this.#server.graphql<{ createStudy: { id: string } }>(
      'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
      {
        input: {
          name: `overhead ${++this.#studies}`,
          trainable: 'measured',
          trainableOptions: { batches: count, file: this.#file, spikeAt },
          objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
          pruner,
        },
      },
    );
    const { id } = createStudy;
    await this.#server.graphql(
      'mutation ($id: ID!, $params: [JSON!]!) { enqueueTrials(study: $id, params: $params) { id } }',
      { id, params: [{ seed }] },
    );
    await this.#server.graphql('mutation ($id: ID!) { startStudy(id: $id, trials: 1) { id } }', { id });
    return id;
  }

  async #trialOf(study: string): Promise<TrialRow> {
    const result = await this.#server.graphql<{ study: { trials: { edges: { node: TrialRow }[] } } }>(
      `query ($study: ID!) { study(id: $study) { trials { edges { node {
        state startedAt finishedAt metricSeries(names: ["wallMs", "cpuMs"]) { name last }
      } } } } }`,
      { study },
    );
    return result.study.trials.edges[0]!.node;
  }

  async #nextLog(): Promise<RunLog> {
    for (;;) {
      const lines = (await readFile(this.#file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
      if (lines.length > this.#runs) return JSON.parse(lines[this.#runs++]!) as RunLog;
      await sleep(2);
    }
  }
}

function endingOf({ endedAt, reportedAt }: RunLog, decidedAt: number): Ending {
  return { ms: endedAt - decidedAt, batches: reportedAt.filter((time) => time > decidedAt).length };
}

async function repeat(count: number, measure: () => Promise<Ending>): Promise<Ending[]> {
  const endings: Ending[] = [];
  for (let i = 0; i < count; i++) endings.push(await measure());
  return endings;
}

async function runBare(seed: number): Promise<TrainingTimes> {
  const script = join(directory, 'bare-script.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, String(seed)]);
  return JSON.parse(stdout) as TrainingTimes;
}

function last({ metricSeries }: TrialRow, name: string): number | null {
  return metricSeries.find((series) => series.name === name)?.last ?? null;
}
