import { InputError } from '../errors.ts';
import { didYouMean } from '../nearest-name.ts';
import type { Objective, StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import { type ParameterColumn, parameterColumn } from './parameter-column.ts';
import { pearsonDivergence, slotDensity } from './slot-density.ts';
import { bestShare, orderTrials, type TrialOrder } from './trial-order.ts';

export interface ParameterImportance {
  readonly parameter: string;
  /** `raw` as a share of all parameters'; they sum to 1, or are all 0 where nothing can be told yet. */
  readonly importance: number;
  /** The variance over the parameter's values of the chance to be among the best. */
  readonly raw: number;
  /** The same over whether the parameter exists at all. It is owed to the parents, so it is in no share. */
  readonly activation: number;
}

/** `trials`: against what was tried, as in Optuna. `space`: against a uniform draw, whatever the sampler preferred. */
export type ImportanceBaseline = 'trials' | 'space';

export interface ImportanceOptions {
  readonly baseline?: ImportanceBaseline;
  /** gamma': how many trials are the best ones. A tenth, as in the paper and in Optuna. */
  readonly topShare?: number;
  /** gamma: among which trials; all of them, unless what matters near the optimum is asked for. */
  readonly regionShare?: number;
}

/** The objectives by which importance is asked for: one by its metric; null: all. @throws InputError for an unknown metric. */
export function chosenObjectives({ objectives }: StudyProblem, metric: string | null): readonly Objective[] {
  if (metric === null) return objectives;
  const chosen = objectives.filter((objective) => objective.metric === metric);
  if (chosen.length > 0) return chosen;
  const known = objectives.map((objective) => objective.metric);
  throw InputError.at('objective', `"${metric}" is not an objective. ${didYouMean(metric, known)}`);
}

/**
 * How much each parameter matters for being among the best trials, most important first, ties in the order of the space.
 * By one objective or, with several, by non-domination rank: then it says what matters for reaching the front.
 * Only a parameter's own effect counts, whatever the other parameters are.
 */
export function parameterImportances(
  study: StudyView,
  objectives: readonly Objective[],
  options: ImportanceOptions = {},
): ParameterImportance[] {
  const order = orderTrials(study, objectives);
  const columns = study.problem.space.parameters.map((parameter) => parameterColumn(parameter, order.trials));
  return importancesOf(order, columns, options);
}

/**
 * PED-ANOVA (Watanabe, Bansal and Hutter 2023, theorem 1): v = (gamma' / gamma)^2 D(p_top || p_region), the variance of the
 * marginal mean of "is among the best". Conditional PED-ANOVA (Baba, Ozaki and Watanabe 2026, theorem 4.2): a parameter
 * exists in a share alpha of the best and beta of all trials; within these v = (gamma' / gamma)^2 alpha^2 / beta D. By the
 * law of total variance, existing at all has (gamma' / gamma)^2 (alpha - beta)^2 / (beta (1 - beta)) on top of that.
 */
export function importancesOf(
  order: TrialOrder,
  columns: readonly ParameterColumn[],
  { baseline = 'trials', topShare = 0.1, regionShare = 1 }: ImportanceOptions = {},
): ParameterImportance[] {
  const top = bestShare(order, topShare);
  const region = regionShare === 1 ? top.map(() => 1) : bestShare(order, regionShare);
  const topTotal = sum(top);
  const regionTotal = sum(region);
  const scale = (topTotal / regionTotal) ** 2;

  const found = columns.map((column) => {
    const { parameter, edges, slots } = column;
    const topCounts = new Int32Array(edges.length - 1);
    const regionCounts = new Int32Array(edges.length - 1);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (slot < 0 || region[i] === 0) continue;
      regionCounts[slot]!++;
      if (top[i] === 1) topCounts[slot]!++;
    }
    const alpha = topTotal === 0 ? 0 : sum(topCounts) / topTotal;
    const beta = regionTotal === 0 ? 0 : sum(regionCounts) / regionTotal;
    const isConditional = beta > 0 && beta < 1 && topTotal > 0;
    const activation = isConditional ? (scale * (alpha - beta) ** 2) / (beta * (1 - beta)) : 0;
    if (alpha === 0 || topCounts.length === 1) return { parameter: parameter.name, raw: 0, activation };
    const p = slotDensity(topCounts, column);
    const q =
      baseline === 'trials' ? slotDensity(regionCounts, column) : p.map((_, k) => edges[k + 1]! - edges[k]!);
    return {
      parameter: parameter.name,
      raw: ((scale * alpha ** 2) / beta) * pearsonDivergence(p, q),
      activation,
    };
  });
  const total = found.reduce((all, { raw }) => all + raw, 0);
  return found
    .map((entry) => ({ ...entry, importance: total === 0 ? 0 : entry.raw / total }))
    .sort((a, b) => b.raw - a.raw);
}

function sum(counts: Uint8Array | Int32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
