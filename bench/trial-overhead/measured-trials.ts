import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialgraphProcess } from '../../test/support/trialgraph-process.ts';
import { type Isolation, now, type RunLog, type RunOptions } from './measured-trial.ts';

export interface RunSettings extends Partial<Omit<RunOptions, 'file'>> {
  readonly isolation: Isolation;
  readonly seed?: number;
  readonly pruner?: object;
}

/** How a training ended. */
export interface Ending {
  /** From the request to stop, or the report that calls for it, to the end of the training. */
  readonly ms: number;
  /** Batches that ended after the server had answered the request, or after that report. */
  readonly batches: number;
}

/** Trials of the benchmark's trainable, each in a study of its own. */
export class MeasuredTrials {
  readonly #server: TrialgraphProcess;
  readonly #folder: string;
  #runs = 0;

  /** @param folder takes what the trials write */
  constructor(server: TrialgraphProcess, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  async start(settings: RunSettings): Promise<MeasuredRun> {
    const { isolation, seed = 1, pruner, batches = 100_000, spikeAt = 0, turns = null } = settings;
    const file = join(this.#folder, `run-${++this.#runs}.json`);
    const { createStudy } = await this.#server.graphql<{ createStudy: { id: string } }>(
      'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
      {
        input: {
          name: `overhead ${this.#runs}`,
          trainable: `measured-${isolation}`,
          trainableOptions: { file, batches, spikeAt, turns } satisfies RunOptions,
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
    return new MeasuredRun(this.#server, id, file);
  }

  async stopped(isolation: Isolation): Promise<Ending> {
    const run = await this.start({ isolation });
    await run.begun();
    await sleep(400);
    const askedAt = now();
    await run.stop();
    const answeredAt = now();
    return endingOf(await run.log(), askedAt, answeredAt);
  }

  async pruned(isolation: Isolation): Promise<Ending> {
    const spikeAt = 20;
    const run = await this.start({ isolation, spikeAt, pruner: { kind: 'threshold', upper: 1000 } });
    const log = await run.log();
    return endingOf(log, log.reportedAt[spikeAt - 1]!);
  }

  /** Promotion pauses the first trial of a study at its first rung. */
  async paused(isolation: Isolation): Promise<Ending> {
    const minResource = 20;
    const pruner = { kind: 'asha', promotion: true, minResource, maxResource: 100_000 };
    const run = await this.start({ isolation, pruner });
    const log = await run.log();
    await run.stop();
    return endingOf(log, log.reportedAt[minResource - 1]!);
  }
}

interface TrialRow {
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

class MeasuredRun {
  readonly #server: TrialgraphProcess;
  readonly #study: string;
  readonly #file: string;

  constructor(server: TrialgraphProcess, study: string, file: string) {
    this.#server = server;
    this.#study = study;
    this.#file = file;
  }

  async stop(): Promise<void> {
    const study = this.#study;
    await this.#server.graphql('mutation ($study: ID!) { stopStudy(id: $study) { id } }', { study });
  }

  /** Resolves when its code runs. */
  async begun(): Promise<void> {
    while (!(await this.#written()).startsWith('begun\n')) await sleep(2);
  }

  /** Resolves when its code has ended. */
  async log(): Promise<RunLog> {
    for (;;) {
      const [, log, end] = (await this.#written()).split('\n');
      if (end !== undefined) return JSON.parse(log!) as RunLog;
      await sleep(2);
    }
  }

  /** Resolves when the server has taken in that it ended. */
  async trial(): Promise<TrialRow> {
    for (;;) {
      const { study } = await this.#server.graphql<{ study: { trials: { edges: { node: TrialRow }[] } } }>(
        'query ($study: ID!) { study(id: $study) { trials { edges { node { startedAt finishedAt } } } } }',
        { study: this.#study },
      );
      const trial = study.trials.edges[0]!.node;
      if (trial.finishedAt !== null) return trial;
      await sleep(5);
    }
  }

  async #written(): Promise<string> {
    return readFile(this.#file, 'utf8').catch(() => '');
  }
}

function endingOf({ endedAt, reportedAt }: RunLog, askedAt: number, decidedAt = askedAt): Ending {
  return { ms: endedAt - askedAt, batches: reportedAt.filter((time) => time > decidedAt).length };
}
