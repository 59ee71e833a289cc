import type { FieldReader } from '../../field-reader.ts';
import type { Random } from '../../random.ts';
import { axisOf } from '../../search-space/axis.ts';
import type { NamedParameter, SearchSpace } from '../../search-space/space.ts';
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

/** A trial's coordinates in the order of the space, and a key that equal ones share. */
interface Place {
  readonly coordinates: Float64Array;
  readonly key: string;
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
 * draws from l the one with the greatest l(x) / g(x) is suggested, which maximises expected improvement (Bergstra, section 4.1).
 * Running trials count as bad, so that concurrent trials keep apart ("constant liar").
 * A suggestion costs O(candidates * trials * parameters).
 */
export class TpeSampler implements Sampler {
  readonly #options: TpeOptions;
  /** Where trials lie in a space; a trial's view is replaced when the trial changes. */
  readonly #places = new WeakMap<SearchSpace, WeakMap<TrialView, Place>>();

  constructor(options: TpeOptions) {
    this.#options = options;
  }

  suggest(study: StudyView, _trialNumber: number, random: Random): Suggestion {
    const { problem, observed, running } = study;
    if (observed.length < this.#options.startupTrials) return {};
    const { good, bad } = splitTrials(problem, observed, goodCount(observed.length));
    const goodPlaces = good.map((trial) => this.#placeOf(problem.space, trial));
    const badPlaces = [...bad, ...running.values()].map((trial) => this.#placeOf(problem.space, trial));
    const l = new ParzenEstimator(problem.space, goodPlaces.map(coordinatesOf));
    const g = new ParzenEstimator(problem.space, badPlaces.map(coordinatesOf));
    const taken = new Set([...goodPlaces, ...badPlaces].map(({ key }) => key));

    let best: Candidate | null = null;
    let bestRatio = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < this.#options.candidates; i++) {
      const candidate = l.draw(random);
      const isNew = !taken.has(candidate.coordinates.join());
      // A setting that was tried before is taken only where every draw was.
      const ratio = isNew ? l.logDensity(candidate) - g.logDensity(candidate) : Number.NEGATIVE_INFINITY;
      if (best === null || ratio > bestRatio) {
        best = candidate;
        bestRatio = ratio;
      }
    }
    return best!.params;
  }

  #placeOf(space: SearchSpace, trial: TrialView): Place {
    let places = this.#places.get(space);
    if (places === undefined) {
      places = new WeakMap();
      this.#places.set(space, places);
    }
    let place = places.get(trial);
    if (place === undefined) {
      const coordinates = Float64Array.from(space.parameters, (parameter) => coordinateOf(parameter, trial));
      place = { coordinates, key: coordinates.join() };
      places.set(trial, place);
    }
    return place;
  }
}

/** NaN where the trial lacks the parameter, or has a value from before the space changed that lies outside it now. */
function coordinateOf(parameter: NamedParameter, { params }: TrialView): number {
  const axis = axisOf(parameter);
  const value = Object.hasOwn(params, parameter.name) ? axis.snap(params[parameter.name]) : undefined;
  return value === undefined ? Number.NaN : axis.encode(value);
}

function coordinatesOf({ coordinates }: Place): Float64Array {
  return coordinates;
}

/** How many of the trials are good: a tenth, at most 25, as in Optuna. */
function goodCount(trials: number): number {
  return Math.min(Math.ceil(0.1 * trials), 25);
}
