import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LiveStudyView } from '../src/core/live-study-view.ts';
import { createRandom } from '../src/core/random.ts';
import { createSampler } from '../src/core/samplers/create-sampler.ts';
import { completeParams } from '../src/core/search-space/complete-params.ts';
import { parseSearchSpace } from '../src/core/search-space/parse-search-space.ts';
import type { StudyProblem } from '../src/core/study.ts';
import { type Database, openDatabase } from '../src/storage/database.ts';
import { startEmbeddedPostgres } from '../src/storage/embedded-postgres/embedded-postgres.ts';
import { StudyWriter } from '../src/storage/study-writer.ts';
import { temporaryDirectory } from '../test/support/trialgraph-process.ts';
import type { GivenOptions } from './benchmarks.ts';
import { findPythonWithOptuna, howToGetOptuna } from './peers/python-with-optuna.ts';
import { type BenchmarkResult, quantile } from './result.ts';
import { objectivesOf, paramsOf, searchSpace, valuesOf } from './sampler-latency/workload.ts';

const runFile = promisify(execFile);
const setups = [
  { sampler: 'random', kind: 'random', objectives: 1 },
  { sampler: 'tpe', kind: 'tpe', objectives: 1 },
  { sampler: 'tpe, 2 objectives', kind: 'tpe', objectives: 2 },
] as const;
type Setup = (typeof setups)[number];
const asks = 300;

/** How long ask and tell take after many finished trials, in memory, against the same loop in Optuna. */
export async function run(options: GivenOptions): Promise<BenchmarkResult> {
  const trialCounts = String(options.trials ?? '100,1000,10000,100000')
    .split(',')
    .map(Number);
  if (!trialCounts.every((count) => count >= 1)) throw new Error('--trials must be numbers of at least 1.');
  const python = findPythonWithOptuna();
  if (python === null) console.error(howToGetOptuna);
  const rows: BenchmarkResult['rows'][number][] = [];
  await using directory = await temporaryDirectory();
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory.path, 'postgres') });
  const database = await openDatabase({ databaseUrl: postgres.url, dataDir: directory.path });
  try {
    for (const trials of trialCounts) {
      for (const setup of setups) {
        console.error(`${setup.sampler} after ${trials} trials`);
        const ours = measure(setup, trials);
        const firstAskMs = await firstAsk(database, postgres.url, setup, trials);
        const optuna = python === null ? null : await optunaLatency(python.command, setup, trials);
        rows.push({
          sampler: setup.sampler,
          trials,
          ...ours,
          firstAskMs,
          optunaAskP50Ms: optuna?.askP50Ms ?? null,
          optunaTellP50Ms: optuna?.tellP50Ms ?? null,
          ratio: optuna === null ? null : optuna.askP50Ms / ours.askP50Ms,
        });
      }
    }
  } finally {
    await database.close();
    await postgres.stop();
  }
  return { rows, asks, optuna: python?.optuna ?? null };
}

function problemOf({ objectives }: Setup): StudyProblem {
  return { space: parseSearchSpace(searchSpace), objectives: objectivesOf(objectives), constraints: [] };
}

function measure(setup: Setup, trials: number) {
  const problem = problemOf(setup);
  const view = new LiveStudyView(problem);
  const tell = (number: number, params: ReturnType<typeof paramsOf>): void => {
    const values = valuesOf(params, setup.objectives);
    view.apply({ number, state: 'COMPLETED', params, values, feasible: true });
  };
  for (let number = 0; number < trials; number++) tell(number, paramsOf(problem.space, number));

  const sampler = createSampler({ kind: setup.kind }, problem);
  const askMs: number[] = [];
  const tellMs: number[] = [];
  for (let number = trials; number < trials + asks; number++) {
    const start = performance.now();
    const random = createRandom(1, number);
    const params = completeParams(problem.space, sampler.suggest(view, number, random), {}, random);
    const asked = performance.now();
    tell(number, params);
    askMs.push(asked - start);
    tellMs.push(performance.now() - asked);
  }
  // The first ones are slow until the functions are compiled, and the very first makes the index.
  const warm = askMs.slice(asks / 3);
  return {
    askP50Ms: quantile(warm, 0.5),
    askP99Ms: quantile(warm, 0.99),
    tellP50Ms: quantile(tellMs.slice(asks / 3), 0.5),
  };
}

/** From an open connection in a fresh process to the first suggestion. */
async function firstAsk(database: Database, url: string, setup: Setup, trials: number): Promise<number> {
  const study = await storeStudy(database, setup, trials);
  const script = join(import.meta.dirname, 'sampler-latency/first-ask.ts');
  const { stdout } = await runFile(process.execPath, ['--import', 'tsx', script, url, String(study)]);
  return Number(stdout.trim());
}

async function storeStudy({ pool }: Database, setup: Setup, trials: number): Promise<number> {
  const { space, objectives } = problemOf(setup);
  const study = await new StudyWriter(pool, () => {}).create(
    {
      name: `${setup.sampler} after ${trials}`,
      project: 'default',
      description: null,
      trainable: null,
      trainableOptions: {},
      objectives,
      constraints: [],
      scalarisation: null,
      searchSpace,
      sampler: { kind: setup.kind },
      pruner: null,
      stopRules: {},
      maxConcurrentTrials: null,
      priority: 0,
      isolation: null,
      trialTimeoutSeconds: null,
      retries: null,
      tags: [],
    },
    1,
  );
  const finished = Array.from({ length: trials }, (_, number) => paramsOf(space, number));
  await pool.query(
    `INSERT INTO trial (study_id, number, state, params, values, feasible, attempt, started_at, finished_at)
     SELECT $1, place - 1, 'COMPLETED', params, values, TRUE, 1, now(), now()
     FROM unnest($2::jsonb[], $3::jsonb[]) WITH ORDINALITY AS told (params, values, place)`,
    [
      study.id,
      finished.map((params) => JSON.stringify(params)),
      finished.map((params) => JSON.stringify(valuesOf(params, setup.objectives))),
    ],
  );
  await pool.query('UPDATE study SET trial_count = $2 WHERE id = $1', [study.id, trials]);
  return study.id;
}

interface OptunaLatency {
  readonly askP50Ms: number;
  readonly tellP50Ms: number;
}

async function optunaLatency(python: string, setup: Setup, trials: number): Promise<OptunaLatency> {
  const script = join(import.meta.dirname, 'peers/optuna_latency.py');
  const count = trials >= 100_000 ? 6 : 31;
  const { stdout } = await runFile(python, [
    script,
    setup.kind,
    String(setup.objectives),
    String(trials),
    String(count),
  ]);
  return JSON.parse(stdout) as OptunaLatency;
}
