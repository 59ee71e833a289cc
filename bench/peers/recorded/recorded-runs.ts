import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnytimeCurve } from '../../sampler-quality/anytime.ts';

const file = join(import.meta.dirname, 'optuna-sampler-quality.json');

/** Runs of Optuna by problem, setup and seed, and what they were made with. */
export interface RecordedRuns {
  /** How to make them again, and the versions that made them. */
  readonly made: Readonly<Record<string, string>>;
  readonly checkpoints: readonly number[];
  readonly runs: { [problem: string]: { [setup: string]: AnytimeCurve[] } };
}

export async function readRecordedRuns(): Promise<RecordedRuns> {
  return JSON.parse(await readFile(file, 'utf8')) as RecordedRuns;
}

/** Writes the runs, a line a study. */
export async function writeRecordedRuns({ made, checkpoints, runs }: RecordedRuns): Promise<void> {
  const problems = Object.keys(runs).sort();
  const lines = problems.map((problem) => {
    const setups = Object.entries(runs[problem]!).map(
      ([setup, curves]) =>
        `${JSON.stringify(setup)}: [\n${curves.map((curve) => JSON.stringify(curve)).join(',\n')}]`,
    );
    return `${JSON.stringify(problem)}: {${setups.join(', ')}}`;
  });
  const head = `"made": ${JSON.stringify(made)},\n"checkpoints": ${JSON.stringify(checkpoints)}`;
  await writeFile(file, `{${head},\n"runs": {\n${lines.join(',\n')}\n}}\n`);
}
