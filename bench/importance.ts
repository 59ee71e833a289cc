import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parameterImportances } from '../src/core/importance/parameter-importances.ts';
import { studyInsights } from '../src/core/insights/study-insights.ts';
import { LiveStudyView } from '../src/core/live-study-view.ts';
import { parseStudyProblem } from '../src/core/parse-problem.ts';
import { createRandom } from '../src/core/random.ts';
import { completeParams } from '../src/core/search-space/complete-params.ts';
import type { Parameter, Params } from '../src/core/search-space/space.ts';
import { openDatabase } from '../src/storage/database.ts';
import { startTrialgraph, temporaryDirectory } from '../test/support/trialgraph-process.ts';
import { findPythonWithOptuna, howToGetOptuna } from './peers/python-with-optuna.ts';
import { type BenchmarkResult, quantile } from './result.ts';
import { generateStudy } from './support/generate-study.ts';

const trialCount = 10_000;
const parameterCount = 20;
const repetitions = 20;

/**
 * Importances and insights of 10,000 trials with 20 parameters: computed anew, and asked of a server whose study has
 * just changed. Beside it what Optuna takes for the importances of the same trials.
 */
export async function run(): Promise<BenchmarkResult> {
  const python = findPythonWithOptuna();
  const rows = [];
  for (const objectives of [1, 3]) {
    const { view, trials } = recordStudy(objectives);
    const durations = new Map(trials.map((_, number) => [number, 60_000]));
    const peer = python === null ? null : askOptuna(python.command, trials);
    const importances = timed(() => parameterImportances(view, view.problem.objectives));
    rows.push({
      question: 'importances',
      objectives,
      ...importances,
      optunaMs: peer?.pedAnovaMs ?? null,
      optunaFanovaMs: peer?.fanovaMs ?? null,
      ratio: peer === null ? null : peer.pedAnovaMs / importances.p50Ms,
    });
    const insights = timed(() => studyInsights(view, view.problem.objectives, durations));
    rows.push({
      question: 'insights',
      objectives,
      ...insights,
      optunaMs: null,
      optunaFanovaMs: null,
      ratio: null,
    });
  }
  rows.push(...(await askServer()));
  return {
    rows,
    trials: trialCount,
    parameters: parameterCount,
    peer: python === null ? howToGetOptuna : `Optuna ${python.optuna}, numpy ${python.numpy}`,
  };
}

interface RecordedTrial {
  readonly params: Params;
  readonly values: readonly number[];
}

/** Half of the parameters are floats, a quarter integers and a quarter choices; the first three matter. */
function recordStudy(objectives: number): { view: LiveStudyView; trials: RecordedTrial[] } {
  const kinds: readonly Parameter[] = [
    { type: 'float', low: 0, high: 1 },
    { type: 'float', low: 1e-5, high: 1, log: true },
    { type: 'int', low: 1, high: 64, log: true },
    { type: 'categorical', choices: ['a', 'b', 'c', 'd'] },
  ];
  const metrics = Array.from({ length: objectives }, (_, k) => `m${k}`);
  const problem = parseStudyProblem({
    searchSpace: Object.fromEntries(
      Array.from({ length: parameterCount }, (_, i) => [`p${i}`, kinds[i % 4]!]),
    ),
    objectives: metrics.map((metric) => ({ metric, direction: 'MINIMIZE' })),
  });
  const view = new LiveStudyView(problem);
  const trials: RecordedTrial[] = [];
  for (let number = 0; number < trialCount; number++) {
    const random = createRandom(1, number);
    const params = completeParams(problem.space, {}, {}, random);
    const { p0, p1, p2 } = params as Record<string, number>;
    const values = metrics.map(
      (_, k) => (p0! - k / 2) ** 2 + Math.log(p1!) ** 2 / 99 + p2! / 99 + random.uniform(),
    );
    trials.push({ params, values });
    const byMetric = Object.fromEntries(values.map((value, k) => [metrics[k]!, value]));
    view.apply({ number, state: 'COMPLETED', params, values: byMetric, feasible: true });
  }
  return { view, trials };
}

/** The first call compiles; the others are what a server takes that has been asked before. CPU time is of all threads. */
function timed(work: () => unknown): { firstMs: number; p50Ms: number; p95Ms: number; cpuMs: number } {
  const samples: number[] = [];
  const cpuSamples: number[] = [];
  for (let i = 0; i <= repetitions; i++) {
    const start = performance.now();
    const startCpu = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(startCpu);
    samples.push(performance.now() - start);
    cpuSamples.push((user + system) / 1000);
  }
  const [firstMs, ...rest] = samples;
  return {
    firstMs: firstMs!,
    p50Ms: quantile(rest, 0.5),
    p95Ms: quantile(rest, 0.95),
    cpuMs: quantile(cpuSamples.slice(1), 0.5),
  };
}

function askOptuna(
  python: string,
  trials: readonly RecordedTrial[],
): { pedAnovaMs: number; fanovaMs: number | null } {
  const script = new URL('peers/optuna_importances.py', import.meta.url).pathname;
  const output = execFileSync(python, [script], { input: JSON.stringify(trials), encoding: 'utf8' });
  return JSON.parse(output);
}

/** Three objectives and only floats, after a change each time, so that nothing is cached; and once more cached. */
async function askServer() {
  await using directory = await temporaryDirectory();
  const database = await openDatabase({ databaseUrl: null, dataDir: join(directory.path, 'postgres') });
  const id = `study-${await generateStudy(database, { trialCount, pointsPerTrial: 1 })}`;
  await database.close();
  const server = await startTrialgraph({ dataDir: directory.path });
  const change = 'mutation ($id: ID!) { updateStudy(id: $id, input: { description: "" }) { id } }';
  const questions = {
    'study { importances }': 'query ($id: ID!) { study(id: $id) { importances { parameter importance } } }',
    studyInsights:
      'query ($id: ID!) { studyInsights(study: $id) { sentences suggestedSpace { searchSpace } } }',
  };
  const rows = [];
  try {
    for (const [question, document] of Object.entries(questions)) {
      for (const isCached of [false, true]) {
        const samples: number[] = [];
        for (let i = 0; i <= repetitions; i++) {
          if (!isCached) await server.graphql(change, { id });
          const start = performance.now();
          await server.graphql(document, { id });
          samples.push(performance.now() - start);
        }
        const [firstMs, ...rest] = samples;
        rows.push({
          question: isCached ? `${question}, unchanged study` : `${question}, over HTTP`,
          objectives: 3,
          firstMs: firstMs!,
          p50Ms: quantile(rest, 0.5),
          p95Ms: quantile(rest, 0.95),
          cpuMs: null,
          optunaMs: null,
          optunaFanovaMs: null,
          ratio: null,
        });
      }
    }
  } finally {
    await server.stop();
  }
  return rows;
}
