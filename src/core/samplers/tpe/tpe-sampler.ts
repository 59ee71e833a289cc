import type { FieldReader } from '../../field-reader.ts';
import type { Random } from '../../random.ts';
import { axisOf } from '../../search-space/axis.ts';
import type { SearchSpace } from '../../search-space/space.ts';
import type { StudyView } from '../../study-view.ts';
import type { TrialView } from '../../trial.ts';
import type { Sampler, Suggestion } from '../sampler.ts';
import { type Candidate, ParzenEstimator } from './parzen-estimator.ts';
import { splitTrials } from './split.ts';

export interface TpeOptions {
  /** So many trials are drawn from the prior first. */
  readonly startupTrials: number;
  /** How many settings are drawn for each suggestion; the one with the best ratio is suggested. */
  readonly candidates: number;
}

export const tpeOptions = ['startupTrials', 'candidates'] as const;

export function readTpeSampler(fields: FieldReader): TpeSampler {
  return new TpeSampler({
    startupTrials: fields.number('startupTrials', { integer: true, min: 1, max: 100_000 }) ?? 10,
    candidates: fields.number('candidates', { integer: true, min: 1, max: 10_000 }) ?? 24,
  });
}

/**
 * Tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization"; Watanabe
 * 2023, arXiv:2304.11127) in its multivariate form: the best trials make a density l(x), the others g(x), and of some
 * draws from l the one with the greatest l(x) / g(x) is suggested, which maximises expected improvement (eq. 3).
 * Running trials count as bad, so that concurrent trials keep apart ("constant liar").
 * A suggestion costs O(candidates * trials * parameters).
 */
export class TpeSampler implements Sampler {
  readonly #options: TpeOptions;
  /** Where trials lie in a space; a trial's view is replaced when the trial changes. */
  readonly #coordinates = new WeakMap<SearchSpace, WeakMap<TrialView, Float64Array>>();

  constructor(options: TpeOptions) {
    this.#options = options;
  }

  suggest(study: StudyView, _trialNumber: number, random: Random): Suggestion {
    const { problem, observed, running } = study;
    if (observed.length < this.#options.startupTrials) return {};
    const { good, bad } = splitTrials(problem, observed, goodCount(observed.length));
    const l = this.#densityOf(problem.space, good);
    const g = this.#densityOf(problem.space, [...bad, ...running.values()]);

    let best: Candidate | null = null;
    let bestRatio = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < this.#options.candidates; i++) {
      const candidate = l.draw(random);
      const ratio = l.logDensity(candidate) - g.logDensity(candidate);
      if (best === null || ratio > bestRatio) {
        best = candidate;
        bestRatio = ratio;
      }
    }
    return best!.params;
  }

  #densityOf(space: SearchSpace, trials: readonly TrialView[]): ParzenEstimator {
    return new ParzenEstimator(
      space,
      trials.map((trial) => this.#coordinatesOf(space, trial)),
      new Float64Array(trials.length).fill(1),
    );
  }

  #coordinatesOf(space: SearchSpace, trial: TrialView): Float64Array {
    let ofSpace = this.#coordinates.get(space);
    if (ofSpace === undefined) {
      ofSpace = new WeakMap();
      this.#coordinates.set(space, ofSpace);
    }
    let coordinates = ofSpace.get(trial);
    if (coordinates === undefined) {
      coordinates = Float64Array.from(space.parameters, (parameter) => {
        const axis = axisOf(parameter);
        // A value from before the space changed may lie outside it.
        const value = Object.hasOwn(trial.params, parameter.name)
          ? axis.snap(trial.params[parameter.name])
          : undefined;
        return value === undefined ? Number.NaN : axis.encode(value);
      });
      ofSpace.set(trial, coordinates);
    }
    return coordinates;
  }
}

/** How many of the trials are good: a tenth, at most 25, as in Optuna. */
function goodCount(trials: number): number {
  return Math.min(Math.ceil(0.1 * trials), 25);
}
