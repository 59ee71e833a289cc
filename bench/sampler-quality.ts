import type { GivenOptions } from './benchmarks.ts';
import { findPythonWithOptuna, howToGetOptuna, type PythonWithOptuna } from './peers/python-with-optuna.ts';
import { readRecordedRuns, writeRecordedRuns } from './peers/recorded/recorded-runs.ts';
import type { BenchmarkResult } from './result.ts';
import { type AnytimeCurve, checkpoints } from './sampler-quality/anytime.ts';
import { type OptunaSetup, setupsFor } from './sampler-quality/optuna-peer.ts';
import { families, type QualityProblem } from './sampler-quality/problem.ts';
import { loadProblems } from './sampler-quality/problems/catalogue.ts';
import { Progress } from './sampler-quality/progress.ts';
import { reportQuality } from './sampler-quality/report.ts';
import { QualityResults } from './sampler-quality/results.ts';
import { runJobs } from './sampler-quality/run-jobs.ts';
import type { Job } from './sampler-quality/worker.ts';

type PeerSource = 'run' | 'recorded' | 'none';

/** How good the settings are that our samplers find within 200 trials, against those that Optuna's TPE finds. */
export async function run(options: GivenOptions): Promise<BenchmarkResult> {
  const tables = typeof options.tables === 'string' ? options.tables : null;
  const seeds = Array.from({ length: Number(options.seeds ?? 20) }, (_, seed) => seed);
  if (seeds.length === 0) throw new Error('--seeds must be a whole number of at least 1.');
  const samplers = String(options.samplers ?? 'auto').split(',');
  const heldBack = options.heldBack === true;
  const chosen = options.problems === undefined ? families : String(options.problems).split(',');
  const named = (await loadProblems(tables)).filter(
    (problem) => problem.heldBack === heldBack && chosen.includes(problem.family),
  );
  if (named.length === 0) {
    throw new Error(`--problems must name some of ${families.join(', ')} (tables need --tables too).`);
  }

  const python = options.peer === 'none' || options.peer === 'recorded' ? null : findPythonWithOptuna();
  const peer = (options.peer as PeerSource | undefined) ?? (python === null ? 'recorded' : 'run');
  if (peer === 'run' && python === null) throw new Error(howToGetOptuna);
  if (peer === 'recorded') console.error(`The runs of Optuna are the recorded ones. ${howToGetOptuna}`);

  const recorded = peer === 'recorded' ? await recordedCurves(named) : null;
  const problems = named.filter(({ name }) => recorded === null || recorded.has(name));
  const skipped = named.filter((problem) => !problems.includes(problem)).map(({ name }) => name);
  if (skipped.length > 0) {
    console.error(`Skipped, for there are no recorded runs of Optuna: ${skipped.join(', ')}.`);
  }
  if (problems.length === 0) throw new Error('No problem is left: say --peer none to run ours alone.');
  // Only what both sides ran can be compared.
  const seedsOf = ({ name }: QualityProblem): readonly number[] =>
    recorded === null ? seeds : seeds.slice(0, recorded.get(name)!.seeds);
  const jobs = problems.flatMap((problem) =>
    [...samplers, ...(peer === 'run' ? setupsFor(problem) : [])].flatMap((sampler) =>
      seedsOf(problem).map((seed): Job => ({ problem: problem.name, sampler, seed })),
    ),
  );
  const familyOf = new Map(problems.map(({ name, family }) => [name, family]));
  const progress = new Progress(jobs.map(({ problem }) => familyOf.get(problem)!));
  const results = new QualityResults();
  await runJobs(jobs, { tables, python: python?.command ?? null }, ({ problem, sampler, seed }, curve) => {
    results.add(problem, sampler, seed, curve);
    progress.advance(familyOf.get(problem)!);
  });
  progress.end();
  for (const problem of recorded === null ? [] : problems) {
    for (const [setup, curves] of recorded!.get(problem.name)!.setups) {
      for (const seed of seedsOf(problem)) results.add(problem.name, setup, seed, curves[seed]!);
    }
  }
  if (options.record === true && python !== null) await record(results, problems, python);
  return {
    ...reportQuality(problems, samplers, peer !== 'none', results),
    problems: heldBack ? 'held back' : 'open',
    skipped: skipped.join(', '),
    seeds: seeds.length,
    optuna: peer === 'run' ? python!.optuna : peer,
  };
}

interface RecordedProblem {
  readonly setups: ReadonlyMap<OptunaSetup, readonly AnytimeCurve[]>;
  /** For so many seeds, from 0, there are runs of every setup. */
  readonly seeds: number;
}

/** Without the problems that have no recorded runs. */
async function recordedCurves(
  problems: readonly QualityProblem[],
): Promise<ReadonlyMap<string, RecordedProblem>> {
  const { runs } = await readRecordedRuns();
  return new Map(
    problems.flatMap((problem): [string, RecordedProblem][] => {
      const setups = new Map(setupsFor(problem).map((setup) => [setup, runs[problem.name]?.[setup] ?? []]));
      const seeds = Math.min(...[...setups.values()].map((curves) => curves.length));
      return seeds === 0 ? [] : [[problem.name, { setups, seeds }]];
    }),
  );
}

/** Replaces the recorded runs of the problems that ran. */
async function record(
  results: QualityResults,
  problems: readonly QualityProblem[],
  { optuna, numpy, python }: PythonWithOptuna,
): Promise<void> {
  const { runs } = await readRecordedRuns();
  for (const problem of problems) {
    const curvesOf = (setup: OptunaSetup) =>
      [...results.curves(problem.name, setup)].sort(([a], [b]) => a - b);
    runs[problem.name] = Object.fromEntries(
      setupsFor(problem).map((setup) => [setup, curvesOf(setup).map(([, curve]) => curve)]),
    );
  }
  const made = { with: 'npm run bench -- sampler-quality --peer run --record', optuna, numpy, python };
  await writeRecordedRuns({ made, checkpoints, runs });
}
