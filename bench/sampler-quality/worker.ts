import { type AnytimeCurve, anytimeCurve } from './anytime.ts';
import { OptunaPeer, type OptunaSetup, optunaSetups } from './optuna-peer.ts';
import { ownSampler } from './own-sampler.ts';
import { loadProblems } from './problems/catalogue.ts';

export interface WorkerSetup {
  readonly tables: string | null;
  /** The Python that has Optuna, where its runs are wanted. */
  readonly python: string | null;
}

/** One study to run: a kind of our samplers, or a setup of Optuna's. */
export interface Job {
  readonly problem: string;
  readonly sampler: string;
  readonly seed: number;
}

/** Runs studies in a process of its own: after its setup, the curve of each job that it is sent. */
process.once('message', async ({ tables, python }: WorkerSetup) => {
  const problems = new Map((await loadProblems(tables)).map((problem) => [problem.name, problem]));
  let peer: OptunaPeer | null = null;
  process.on('message', async ({ problem: name, sampler, seed }: Job) => {
    const problem = problems.get(name)!;
    const isPeer = Object.hasOwn(optunaSetups, sampler);
    if (isPeer) peer ??= new OptunaPeer(python!);
    const asked = isPeer
      ? peer!.start(sampler as OptunaSetup, problem, seed)
      : ownSampler(sampler, problem, seed);
    const curve: AnytimeCurve = await anytimeCurve(asked, problem.instance(seed));
    process.send!(curve);
  });
  // Optuna ends with its pipe.
  process.once('disconnect', () => process.exit());
  process.send!('ready');
});
