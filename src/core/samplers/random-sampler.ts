import type { Sampler, Suggestion } from './sampler.ts';

/** Draws every trial from the prior: it suggests nothing, for that is how missing values are filled. */
export class RandomSampler implements Sampler {
  suggest(): Suggestion {
    return {};
  }
}
