import type { FieldReader } from '../field-reader.ts';
import { isJsonObject, type JsonScalar } from '../json.ts';
import { createRandom, shuffle } from '../random.ts';
import { axisOf } from '../search-space/axis.ts';
import type { NamedParameter, Params, SearchSpace } from '../search-space/space.ts';
import type { StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { Sampler, Suggestion } from './sampler.ts';
import { settingsOf } from './settings-of.ts';
import { UntriedSettings } from './untried-settings.ts';

/** More are no grid that a study walks through, and they would take much room. */
const maxSettings = 100_000;
const maxValues = 1_000_000;
const maxSteps = 1000;

/**
 * Tries every setting of a list once, in an order of the seed: the first that no trial has, so a restart goes on where
 * it was and concurrent trials get different ones. When none is left it suggests nothing.
 */
export class GridSampler implements Sampler {
  readonly #settings: readonly Params[];
  readonly #untried = new WeakMap<StudyView, UntriedSettings>();

  constructor(settings: readonly Params[], seed: number) {
    this.#settings = shuffle([...settings], createRandom(seed));
  }

  suggest(study: StudyView): Suggestion {
    return this.#untriedOf(study).first(study) ?? {};
  }

  settingsLeft(study: StudyView): number {
    return this.#untriedOf(study).count(study);
  }

  #untriedOf(study: StudyView): UntriedSettings {
    let untried = this.#untried.get(study);
    if (untried === undefined) {
      untried = new UntriedSettings(study.problem.space, this.#settings);
      this.#untried.set(study, untried);
    }
    return untried;
  }
}

/**
 * `steps`, a number for all parameters or an object of numbers by parameter, says how many values of a number's range
 * are tried, evenly spaced on its (log) axis and with both ends. Where it says nothing, all values are: a parameter
 * with more than 1,000 needs it. Choices are always all tried.
 */
export function readGridSampler(fields: FieldReader, { space }: StudyProblem): GridSampler | undefined {
  const steps = readSteps(fields, space.parameters);
  const open = space.parameters.filter(
    (parameter) =>
      parameter.type !== 'categorical' &&
      steps(parameter) === undefined &&
      axisOf(parameter).cells > maxSteps,
  );
  for (const { name } of open) {
    fields.fault('steps', `must say how many values of "${name}" to try: {${JSON.stringify(name)}: 5}.`);
  }
  if (open.length > 0) return undefined;
  return listSettings(fields, space, (parameter) => valuesOf(parameter, steps(parameter)), {
    key: 'steps',
    remedy: 'take fewer steps',
  });
}

/** Tries every setting of a space in which all parameters have finitely many values. */
export function readExhaustiveSampler(fields: FieldReader, { space }: StudyProblem): GridSampler | undefined {
  const fault = { key: 'kind', remedy: 'use grid with steps, or tpe' };
  for (const parameter of space.parameters) {
    const { cells } = axisOf(parameter);
    if (cells === Number.POSITIVE_INFINITY) {
      const why = `cannot be exhaustive: "${parameter.name}" has no step; give it one`;
      return fields.fault(fault.key, `${why}, or ${fault.remedy}.`);
    }
    if (cells > maxSettings) return tooMany(fields, fault, maxSettings);
  }
  return listSettings(fields, space, (parameter) => valuesOf(parameter, undefined), fault);
}

interface TooManyFault {
  readonly key: string;
  readonly remedy: string;
}

function listSettings(
  fields: FieldReader,
  space: SearchSpace,
  values: (parameter: NamedParameter) => readonly JsonScalar[],
  fault: TooManyFault,
): GridSampler | undefined {
  const limit = Math.min(maxSettings, Math.floor(maxValues / Math.max(1, space.parameters.length)));
  const settings = settingsOf(space, values, limit);
  if (settings === null) return tooMany(fields, fault, limit);
  return new GridSampler(settings, fields.number('seed') ?? 0);
}

function tooMany(fields: FieldReader, { key, remedy }: TooManyFault, limit: number): undefined {
  return fields.fault(key, `leads to more than ${limit} settings; ${remedy}.`);
}

/** The number of steps that was given for a parameter. */
function readSteps(
  fields: FieldReader,
  parameters: readonly NamedParameter[],
): (parameter: NamedParameter) => number | undefined {
  const rule = { integer: true, min: 1, max: maxSteps } as const;
  const given = fields.value('steps');
  if (!isJsonObject(given)) {
    const all = fields.number('steps', rule);
    return () => all;
  }
  const byName = fields.object('steps')!;
  byName.allowOnly(...parameters.map(({ name }) => name));
  const steps = new Map(parameters.map((parameter) => [parameter, byName.number(parameter.name, rule)]));
  return (parameter) => steps.get(parameter);
}

function valuesOf(parameter: NamedParameter, steps: number | undefined): readonly JsonScalar[] {
  if (parameter.type === 'categorical') return parameter.choices;
  const axis = axisOf(parameter);
  if (steps === undefined || steps >= axis.cells) {
    return Array.from({ length: axis.cells }, (_, k) => axis.decode((axis.edge(k) + axis.edge(k + 1)) / 2));
  }
  if (steps === 1) return [axis.decode(0.5)];
  // On an axis of cells two steps may meet in one.
  return [...new Set(Array.from({ length: steps }, (_, k) => axis.decode(k / (steps - 1))))];
}
