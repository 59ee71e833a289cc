import type { JsonObject } from '../json.ts';
import { createOfKind, type Kind } from '../kind.ts';
import type { StudyProblem } from '../study.ts';
import { readExhaustiveSampler, readGridSampler } from './grid-sampler.ts';
import { RandomSampler } from './random-sampler.ts';
import type { Sampler } from './sampler.ts';
import { SobolSampler } from './sobol/sobol-sampler.ts';
import { readTpeSampler, tpeOptions } from './tpe/tpe-sampler.ts';

const maxSeed = 0x7fffffff;

/** What `{"kind": ...}` may name. */
const kinds: Readonly<Record<string, Kind<Sampler | undefined>>> = {
  auto: { options: [], create: readTpeSampler },
  exhaustive: { options: [], create: readExhaustiveSampler },
  grid: { options: ['steps'], create: readGridSampler },
  random: { options: [], create: () => new RandomSampler() },
  sobol: { options: [], create: (fields) => new SobolSampler(fields.number('seed') ?? 0) },
  tpe: { options: tpeOptions, create: readTpeSampler },
};

/**
 * The sampler that the settings ask for. Those that follow one sequence for a whole study take it from `seed`.
 * @throws InputError that names the option and what is known.
 */
export function createSampler(settings: JsonObject, problem: StudyProblem, path = 'sampler'): Sampler {
  return createOfKind(kinds, settings, problem, path, { seed: { integer: true, min: 0, max: maxSeed } })!;
}

/** The seed that the client chose for all randomness of the study, or null where it left that to the server. */
export function samplerSeed(settings: JsonObject): number | null {
  const seed = Object.hasOwn(settings, 'seed') ? settings.seed : null;
  return typeof seed === 'number' ? seed : null;
}
