import type { FieldReader } from '../../field-reader.ts';
import type { Random } from '../../random.ts';
import type { StudyProblem } from '../../study.ts';
import type { StudyView } from '../../study-view.ts';
import type { Sampler, Suggestion } from '../sampler.ts';
import { SobolSampler } from '../sobol/sobol-sampler.ts';
import { drawCandidates } from './candidates.ts';
import { type Candidate, ParzenEstimator } from './parzen-estimator.ts';

export interface TpeOptions {
  /** So many trials come first that only spread over the space. */
  readonly startupTrials: number;
  /** How many settings are drawn for each suggestion; the one with the best ratio is suggested. */
  readonly candidates: number;
  /** Of the sequence that the first trials follow. */
  readonly seed: number;
}

export const tpeOptions = ['startupTrials', 'candidates'] as const;

export function readTpeSampler(fields: FieldReader): TpeSampler {
  return new TpeSampler({
    startupTrials: fields.number('startupTrials', { integer: true, min: 1, max: 100_000 }) ?? 10,
    candidates: fields.number('candidates', { integer: true, min: 1, max: 10_000 }) ?? 24,
    seed: fields.number('seed') ?? 0,
  });
}

/**
 * Tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization"; Watanabe
 * 2023, arXiv:2304.11127) in its multivariate form: the best trials make a density l(x), the others g(x), and of some
 * draws from l the one with the greatest l(x) / g(x) is suggested, which maximises expected improvement (Bergstra, section 4.1).
 * The first trials are points of a scrambled Sobol sequence, which leave fewer gaps than random ones.
 * Running trials count as bad, so that concurrent trials keep apart ("constant liar").
 * A suggestion costs O(candidates * trials * parameters) up to `fewOthers` trials, and no more than that above.
 */
export class TpeSampler implements Sampler {
  readonly #options: TpeOptions;
  readonly #startup: SobolSampler;

  constructor(options: TpeOptions) {
    this.#options = options;
    this.#startup = new SobolSampler(options.seed);
  }

  suggest(study: StudyView, trialNumber: number, random: Random): Suggestion {
    const { problem, index } = study;
    if (index.observedCount < this.#options.startupTrials) {
      // A point that breaks a constraint would be moved to its bound; a draw from the prior is drawn again.
      return problem.space.constraints.length > 0 ? {} : this.#startup.suggest(study, trialNumber);
    }
    const { axes } = index.coordinates;
    const good = index.best(goodCount(index.observedCount));
    const others = index.others(good, fewOthers);
    const columnsOf = (numbers: readonly number[]) => index.coordinates.columnsOf(numbers);
    const ones = new Float64Array(good.length).fill(1);
    const goodOnes = { columns: columnsOf(good), weights: ones };
    const otherOnes = { columns: columnsOf(others.numbers), weights: others.weights };
    const l = new ParzenEstimator(problem.space, axes, goodOnes);
    const g = new ParzenEstimator(problem.space, axes, otherOnes);

    let best: Candidate | null = null;
    let bestRatio = Number.NEGATIVE_INFINITY;
    for (const candidate of drawCandidates(
      l,
      { space: problem.space, axes },
      this.#options.candidates,
      crossedShare(problem),
      random,
    )) {
      const isNew = !index.coordinates.isTaken(candidate.coordinates);
      // A setting that was tried before is taken only where every draw was.
      const ratio = isNew ? l.logDensity(candidate) - g.logDensity(candidate) : Number.NEGATIVE_INFINITY;
      if (best === null || ratio > bestRatio) {
        best = candidate;
        bestRatio = ratio;
      }
    }
    return best!.params;
  }
}

/** So many trials make g(x) one by one; more are represented by so many of them. */
const fewOthers = 3072;

/**
 * Half of the draws combine parameters of different good trials where several objectives are bound by constraints: what
 * is feasible may lie apart, and the kernels of whole trials stay in the parts that were found first. Elsewhere none,
 * for there it gains nothing (decision 7).
 */
function crossedShare({ objectives, constraints }: StudyProblem): number {
  return objectives.length > 1 && constraints.length > 0 ? 0.5 : 0;
}

/** How many of the trials are good: a tenth, at most 25, as in Optuna. */
function goodCount(trials: number): number {
  return Math.min(Math.ceil(0.1 * trials), 25);
}
