import type { JsonScalar } from '../../json.ts';
import { axisOf } from '../../search-space/axis.ts';
import { priorOf } from '../../search-space/prior.ts';
import type { StudyView } from '../../study-view.ts';
import type { Sampler, Suggestion } from '../sampler.ts';
import { scrambledSobol, sobolDimensions } from './sobol-sequence.ts';

/**
 * Spreads trials evenly: trial n gets point n of a scrambled Sobol sequence with a dimension a parameter, so neither
 * concurrency nor a restart changes what it gets. Coordinates go through the parameters' priors and axes, those of parameters that
 * do not exist in a trial are left unused, and parameters beyond the 101 dimensions are drawn at random.
 */
export class SobolSampler implements Sampler {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  suggest({ problem }: StudyView, trialNumber: number): Suggestion {
    const suggestion: Record<string, JsonScalar> = {};
    problem.space.parameters.slice(0, sobolDimensions).forEach((parameter, dimension) => {
      const unit = scrambledSobol(trialNumber, dimension, this.#seed);
      suggestion[parameter.name] = axisOf(parameter).decode(priorOf(parameter).quantile(unit));
    });
    return suggestion;
  }
}
