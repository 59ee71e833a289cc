import type { JsonObject } from '../json.ts';
import { createOfKind, type Kind } from '../kind.ts';
import type { StudyProblem } from '../study.ts';
import { RandomSampler } from './random-sampler.ts';
import type { Sampler } from './sampler.ts';
import { readTpeSampler, tpeOptions } from './tpe/tpe-sampler.ts';

const maxSeed = 0x7fffffff;

/** What `{"kind": ...}` may name. */
const kinds: Readonly<Record<string, Kind<Sampler>>> = {
  auto: { options: [], create: readTpeSampler },
  random: { options: [], create: () => new RandomSampler() },
  tpe: { options: tpeOptions, create: readTpeSampler },
};

/** @throws InputError that names the option and what is known. */
export function createSampler(settings: JsonObject, problem: StudyProblem, path = 'sampler'): Sampler {
  return createOfKind(kinds, settings, problem, path, { seed: { integer: true, min: 0, max: maxSeed } });
}

/** The seed that the client chose for all randomness of the study, or null where it left that to the server. */
export function samplerSeed(settings: JsonObject): number | null {
  const seed = Object.hasOwn(settings, 'seed') ? settings.seed : null;
  return typeof seed === 'number' ? seed : null;
}
