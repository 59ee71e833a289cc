import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { JsonObject } from '../src/core/json.ts';
import { findPythonWithOptuna, howToGetOptuna } from './peers/python-with-optuna.ts';
import { curveProblems } from './pruning/curves.ts';
import { decisionTimes } from './pruning/decision-times.ts';
import { type Cost, type Search, search, searchesOf, workers } from './pruning/simulation.ts';
import type { BenchmarkResult } from './result.ts';

const seeds = 20;
const maxResource = 81;

/** The steps of the lowest rung that are tried: the default, and one that spares the noisy beginning. */
const minResources = [1, 3];

/** All else is the default, here and there. */
const own: Readonly<Record<string, JsonObject | null>> = {
  none: null,
  median: { kind: 'median' },
  ...byMinResource((minResource) => ({
    asha: { kind: 'asha', minResource, maxResource },
    'asha, promotion': { kind: 'asha', minResource, maxResource, promotion: true },
    hyperband: { kind: 'hyperband', minResource, maxResource },
    'hyperband, promotion': { kind: 'hyperband', minResource, maxResource, promotion: true },
  })),
};
const peers = byMinResource((minResource) => ({
  'Optuna Hyperband': ['HyperbandPruner', { min_resource: minResource, max_resource: maxResource }],
  'Optuna SuccessiveHalving': ['SuccessiveHalvingPruner', { min_resource: minResource }],
}));

/**
 * The steps that a search takes until a trial has completed at the value that one setting in fifty reaches, with four
 * trials at a time: curves that are generated, and some that were recorded on MNIST, in the same random orders for all.
 * A search that has lost all such settings has cost what trying all of them to the end costs.
 */
export async function run(): Promise<BenchmarkResult> {
  const problems = await curveProblems();
  const searches = problems.map((problem) => searchesOf(problem, seeds));
  const costs = new Map<string, Cost[][]>();
  for (const [name, settings] of Object.entries(own)) {
    costs.set(
      name,
      searches.map((group) => group.map((one) => search(one, settings))),
    );
  }
  const optuna = runPeers(searches);
  for (const [name, found] of optuna ?? []) costs.set(name, found);

  const rows = problems.flatMap((problem, k) => {
    const stepsOf = (name: string): number[] | undefined => {
      const found = costs.get(name)?.[k];
      return found?.map(({ spent, reached }) => (reached ? spent : problem.curves.length * problem.steps));
    };
    const none = mean(stepsOf('none')!);
    return [...costs.keys()].map((pruner) => {
      const rungs = /, rungs from \d+$/.exec(pruner)?.[0] ?? `, rungs from ${minResources[0]}`;
      const hyperband = stepsOf(`Optuna Hyperband${rungs}`);
      const steps = mean(stepsOf(pruner)!);
      return {
        problem: problem.name,
        pruner,
        steps,
        reached: mean(costs.get(pruner)![k]!.map(({ reached }) => Number(reached))),
        timesCheaper: none / steps,
        toOptunaHyperband: hyperband === undefined ? null : steps / mean(hyperband),
      };
    });
  });
  const timesCheaper = Object.fromEntries(
    [...costs.keys()].map((pruner) => [
      pruner,
      geometricMean(rows.filter((row) => row.pruner === pruner).map((row) => row.timesCheaper)),
    ]),
  );
  return {
    rows,
    timesCheaper: showAll(timesCheaper),
    decisionMsAt10kTrials: showAll(decisionTimes()),
    ...(optuna === null && { peer: howToGetOptuna }),
  };
}

function byMinResource<T>(make: (minResource: number) => Readonly<Record<string, T>>): Record<string, T> {
  const named = minResources.flatMap((minResource) =>
    Object.entries(make(minResource)).map(([name, settings]) => [
      `${name}, rungs from ${minResource}`,
      settings,
    ]),
  );
  return Object.fromEntries(named) as Record<string, T>;
}

/** By pruner, the costs of each search; null without a Python that has Optuna. */
function runPeers(searches: readonly (readonly Search[])[]): Map<string, Cost[][]> | null {
  const python = findPythonWithOptuna();
  if (python === null) return null;
  const request = {
    workers,
    pruners: peers,
    searches: searches.map((group) => {
      const { problem, target } = group[0]!;
      const { direction, steps, curves } = problem;
      return {
        direction: direction.toLowerCase(),
        steps,
        target,
        curves,
        orders: group.map(({ order }) => order),
      };
    }),
  };
  const script = join(import.meta.dirname, 'peers/optuna_pruning.py');
  const { stdout, stderr, status } = spawnSync(python.command, [script], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(stderr);
  const costs = new Map(Object.keys(peers).map((name) => [name, searches.map((): Cost[] => [])]));
  for (const line of stdout.trim().split('\n')) {
    const { search: k, pruner, ...cost } = JSON.parse(line) as Cost & { search: number; pruner: string };
    costs.get(pruner)![k]!.push(cost);
  }
  return costs;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0) / numbers.length;
}

function geometricMean(numbers: readonly number[]): number {
  return Math.exp(mean(numbers.map(Math.log)));
}

function showAll(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([name, figure]) => `${name} ${figure.toPrecision(3)}`)
    .join('; ');
}
