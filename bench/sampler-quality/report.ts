import type { BenchmarkResult } from '../result.ts';
import { holm } from '../statistics/holm.ts';
import { wilcoxonSignedRank } from '../statistics/wilcoxon.ts';
import { budgets, checkpoints } from './anytime.ts';
import type { OptunaSetup } from './optuna-peer.ts';
import { setupsFor } from './optuna-peer.ts';
import { families, type QualityProblem } from './problem.ts';
import type { QualityResults } from './results.ts';

const level = 0.05;
const placeOf = (budget: (typeof budgets)[number]): number => checkpoints.indexOf(budget);

/**
 * A table a family, and a summary: mean normalised regret at each budget, of ours and of the better setup of Optuna,
 * and the p-values of the Wilcoxon signed-rank tests over problems and seeds, Holm-adjusted over a family's tests.
 */
export function reportQuality(
  problems: readonly QualityProblem[],
  samplers: readonly string[],
  withPeer: boolean,
  results: QualityResults,
): Pick<BenchmarkResult, 'rows' | 'details'> & { significantlyWorse: string; significantlyBetter: string } {
  const details: Record<string, Record<string, string | number>[]> = {};
  const rows: Record<string, string | number>[] = [];
  const worse: string[] = [];
  const better: string[] = [];
  for (const family of families) {
    const members = problems.filter((problem) => problem.family === family);
    if (members.length === 0) continue;
    const names = members.map(({ name }) => name);
    const setups = withPeer ? setupsFor(members[0]!) : [];
    details[family] = members.flatMap(({ name }) =>
      [...samplers, ...setups].map((sampler) => ({
        problem: name,
        sampler,
        ...regrets([name], sampler, results),
      })),
    );
    details[`${family}, anytime`] = [...samplers, ...setups].map((sampler) => ({
      sampler,
      ...Object.fromEntries(
        checkpoints.map((trials, at) => [`after ${trials}`, results.mean(names, sampler, at)]),
      ),
    }));
    const peer = betterSetup(names, setups, results);
    const pValues = holm(
      samplers.flatMap((sampler) =>
        peer === null
          ? []
          : budgets.map((budget) =>
              wilcoxonSignedRank(results.differences(names, sampler, peer, placeOf(budget))),
            ),
      ),
    );
    samplers.forEach((sampler, i) => {
      const row: Record<string, string | number> = { family, problems: names.length, sampler };
      if (peer !== null) row.peer = peer;
      budgets.forEach((budget, k) => {
        const ours = results.mean(names, sampler, placeOf(budget));
        row[`at ${budget}`] = ours;
        if (peer === null) return;
        const theirs = results.mean(names, peer, placeOf(budget));
        const p = pValues[i * budgets.length + k]!;
        row[`peer ${budget}`] = theirs;
        row[`p ${budget}`] = p;
        if (p < level) (ours > theirs ? worse : better).push(`${sampler} on ${family} at ${budget}`);
      });
      rows.push(row);
    });
  }
  return { details, rows, significantlyWorse: worse.join(', '), significantlyBetter: better.join(', ') };
}

function regrets(
  problems: readonly string[],
  sampler: string,
  results: QualityResults,
): Record<string, number> {
  return Object.fromEntries(
    budgets.map((budget) => [`at ${budget}`, results.mean(problems, sampler, placeOf(budget))]),
  );
}

/** The setup with the least mean regret over the budgets. */
function betterSetup(
  problems: readonly string[],
  setups: readonly OptunaSetup[],
  results: QualityResults,
): OptunaSetup | null {
  const total = (setup: OptunaSetup): number =>
    budgets.reduce((sum, budget) => sum + results.mean(problems, setup, placeOf(budget)), 0);
  return setups.toSorted((a, b) => total(a) - total(b))[0] ?? null;
}
