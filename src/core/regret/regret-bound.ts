import { createRandom, shuffle } from '../random.ts';
import { completeParams } from '../search-space/complete-params.ts';
import type { StudyView } from '../study-view.ts';
import { fitProcess } from './fit-process.ts';
import { ProcessData } from './gaussian-process.ts';
import { type Point, SettingGeometry } from './setting-geometry.ts';

/** Trials that the process is given: the best half of them, and a sample of the others. */
const mostTrials = 200;
/** Settings at which a better value is looked for: from the prior, and near the best trials. */
const [drawn, perBest, bestCount] = [400, 20, 10];
const nearSpread = 0.1;

/** As in the paper. */
const delta = 0.1;
const shrinkage = 5;

/**
 * An upper bound of how much better than the best trial any setting is, in the units of the objective, with a
 * probability of about 1 - delta: min UCB over the tried settings - min LCB over the space (Makarova et al. 2022,
 * "Automatic Termination for Hyperparameter Optimization", equation 2), of a Gaussian process with Matérn's 5/2 kernel.
 * As there, beta = 2 log(d t^2 pi^2 / 6 delta) / 5 (Srinivas et al. 2010, theorem 1, and their section 5).
 *
 * Losses worse than twice the distance of the median from the best count as that far: what is hopeless need not be told
 * apart. Trials that were pruned or infeasible count as that far too. Null with fewer than two different results, or
 * without a parameter that can vary. The study has one objective. Deterministic for a study and a seed; costs some tens
 * of milliseconds, whatever the number of trials.
 */
export function regretBound(study: StudyView, seed: number): number | null {
  const { space } = study.problem;
  const geometry = new SettingGeometry(space);
  const results = study.results.all.filter(({ losses }) => Number.isFinite(losses[0]));
  const sorted = results.toSorted((a, b) => a.losses[0]! - b.losses[0]! || a.number - b.number);
  const least = sorted[0]?.losses[0];
  const median = sorted[Math.floor(sorted.length / 2)]?.losses[0];
  if (least === undefined || sorted.at(-1)!.losses[0] === least || geometry.dimensions === 0) return null;

  // Where half of the trials are equally good, what is worse than they must count for something.
  const worst = median! > least ? least + 2 * (median! - least) : sorted.at(-1)!.losses[0]!;
  const random = createRandom(seed, results.length);
  const good = new Set(results.map(({ number }) => number));
  const lost = study.observed.filter(({ number, state }) => !good.has(number) && state !== 'COMPLETED');
  const told = [
    ...sorted.map(({ number, losses }) => ({ number, loss: Math.min(losses[0]!, worst) })),
    ...lost.map(({ number }) => ({ number, loss: worst })),
  ];
  const half = Math.floor(mostTrials / 2);
  const used =
    told.length <= mostTrials
      ? told
      : [...told.slice(0, half), ...shuffle(told.slice(half), random).slice(0, mostTrials - half)];
  const points = used.map(({ number }) => geometry.point(study.trial(number)!.params));
  const mean = used.reduce((sum, { loss }) => sum + loss, 0) / used.length;
  const deviation = Math.sqrt(used.reduce((sum, { loss }) => sum + (loss - mean) ** 2, 0) / used.length);
  // Mixed, so that a sample of them at equal distances is one of all.
  const order = shuffle(
    used.map((_, i) => i),
    random,
  );
  const data = new ProcessData(
    geometry,
    order.map((i) => points[i]!),
    Float64Array.from(order, (i) => (used[i]!.loss - mean) / deviation),
  );
  const process = fitProcess(data);
  const trials = told.length;
  const beta = (2 * Math.log((geometry.dimensions * trials ** 2 * Math.PI ** 2) / (6 * delta))) / shrinkage;
  const width = Math.sqrt(beta);

  let upper = Number.POSITIVE_INFINITY;
  let lower = Number.POSITIVE_INFINITY;
  for (const [i, point] of points.entries()) {
    const { mean, deviation } = process.predict(point);
    if (good.has(used[i]!.number)) upper = Math.min(upper, mean + width * deviation);
    lower = Math.min(lower, mean - width * deviation);
  }
  const look = (point: Point): void => {
    const { mean, deviation } = process.predict(point);
    lower = Math.min(lower, mean - width * deviation);
  };
  for (let i = 0; i < drawn; i++) look(geometry.point(completeParams(space, {}, {}, random)));
  for (const point of points.slice(0, bestCount)) {
    for (let i = 0; i < perBest; i++) look(geometry.near(point, nearSpread, random));
  }
  return Math.max(0, upper - lower) * deviation;
}
