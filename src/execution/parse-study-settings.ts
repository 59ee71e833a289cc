import { FaultList, InputError } from '../core/errors.ts';
import { nameFault } from '../core/field-reader.ts';
import type { Isolation } from '../core/isolation.ts';
import { isJsonObject, type JsonObject, showJson } from '../core/json.ts';
import { didYouMean } from '../core/nearest-name.ts';
import { createScalarisation } from '../core/pareto/scalarisation/create-scalarisation.ts';
import { scalarisedProblem } from '../core/pareto/scalarisation/scalarised-study.ts';
import { parseConstraints, parseObjectives } from '../core/parse-problem.ts';
import { createPruner } from '../core/pruners/create-pruner.ts';
import { parseRetries } from '../core/retries.ts';
import { createSampler } from '../core/samplers/create-sampler.ts';
import { parseSearchSpace } from '../core/search-space/parse-search-space.ts';
import type { SearchSpaceInput } from '../core/search-space/space.ts';
import { parseStopRules } from '../core/stop-rules.ts';
import type { StudySettings } from '../core/study.ts';
import { isCommand } from '../trainables/command/command.ts';
import type { Trainable } from '../trainables/trainable.ts';
import { checkTags } from './check-tags.ts';

/** A study as a client asks for it; unknown parts are checked here. */
export interface NewStudy {
  readonly name: string;
  readonly project?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly trainable?: string | null | undefined;
  readonly trainableOptions?: unknown;
  readonly objectives: unknown;
  readonly constraints?: unknown;
  readonly scalarisation?: unknown;
  readonly searchSpace?: unknown;
  readonly sampler?: unknown;
  readonly pruner?: unknown;
  readonly stopRules?: unknown;
  readonly maxConcurrentTrials?: number | null | undefined;
  readonly priority?: number | null | undefined;
  readonly isolation?: Isolation | null | undefined;
  readonly trialTimeoutSeconds?: number | null | undefined;
  readonly retries?: unknown;
  readonly tags?: readonly string[] | null | undefined;
}

const maxPriority = 1000;
/** A year. */
const maxTimeoutSeconds = 366 * 24 * 3600;
const maxJsonLength = 500_000;

/** @throws InputError with every fault of the settings */
export async function parseStudySettings(
  input: NewStudy,
  trainables: ReadonlyMap<string, Trainable>,
): Promise<StudySettings> {
  const faults = new FaultList();
  const trainable = faults.collect(() => findTrainable(input.trainable ?? null, trainables)) ?? null;
  const trainableOptions = faults.collect(() => parseOptions(input.trainableOptions)) ?? {};
  const searchSpace = input.searchSpace ?? trainable?.space ?? {};
  const space = faults.collect(() => parseSearchSpace(searchSpace));
  const objectives = faults.collect(() => parseObjectives(input.objectives));
  const constraints = faults.collect(() => parseConstraints(input.constraints ?? []));
  const stopRules =
    objectives && faults.collect(() => parseStopRules(input.stopRules, objectives, constraints));
  const scalarisation = (input.scalarisation ?? null) as JsonObject | null;
  const oneOfSeveral =
    objectives && scalarisation !== null
      ? faults.collect(() => createScalarisation(scalarisation, objectives))
      : undefined;
  const sampler = (input.sampler ?? { kind: 'auto' }) as JsonObject;
  const pruner = (input.pruner ?? null) as JsonObject | null;
  if (space && objectives && constraints) {
    const problem = { space, objectives, constraints };
    const sampled = oneOfSeveral === undefined ? problem : scalarisedProblem(problem, oneOfSeveral);
    faults.collect(() => createSampler(sampler, sampled));
    faults.collect(() => createPruner(pruner, problem));
  }
  if (trainable !== null) {
    if (space) faults.collect(() => trainable.checkSpace(searchSpace as SearchSpaceInput));
    const metrics = await prepare(trainable, trainableOptions, faults);
    checkMetrics(trainable.name, metrics, 'objectives', objectives ?? [], faults);
    checkMetrics(trainable.name, metrics, 'constraints', constraints ?? [], faults);
  }
  checkSize(trainableOptions, 'trainableOptions', faults);
  checkSize(searchSpace, 'searchSpace', faults);
  checkTags(input.tags ?? [], faults);
  checkName(input.name, 'name', faults);
  checkName(input.project ?? 'default', 'project', faults);
  if (input.maxConcurrentTrials != null && input.maxConcurrentTrials < 1) {
    faults.add('maxConcurrentTrials', 'must be at least 1; leave it out for no limit.');
  }
  if (Math.abs(input.priority ?? 0) > maxPriority) {
    faults.add('priority', `must be between -${maxPriority} and ${maxPriority}, not ${input.priority}.`);
  }
  const { trialTimeoutSeconds = null } = input;
  if (
    trialTimeoutSeconds !== null &&
    !(trialTimeoutSeconds > 0 && trialTimeoutSeconds <= maxTimeoutSeconds)
  ) {
    faults.add(
      'trialTimeoutSeconds',
      `must be above 0 and at most ${maxTimeoutSeconds}, not ${trialTimeoutSeconds}; leave it out for no limit.`,
    );
  }
  if (input.isolation != null && trainable === null) {
    faults.add('isolation', 'is where this server runs a trainable; this study has none.');
  }
  if (input.isolation === 'thread' && trainable !== null && isCommand(trainable)) {
    faults.add('isolation', `must be PROCESS or absent: "${trainable.name}" is a program.`);
  }
  const retries = faults.collect(() => parseRetries(input.retries)) ?? null;
  faults.throwIfAny();
  return {
    name: input.name,
    project: input.project ?? 'default',
    description: input.description ?? null,
    trainable: trainable?.name ?? null,
    trainableOptions,
    objectives: objectives!,
    constraints: constraints!,
    scalarisation,
    searchSpace: searchSpace as JsonObject,
    sampler,
    pruner,
    stopRules: stopRules!,
    maxConcurrentTrials: input.maxConcurrentTrials ?? null,
    priority: input.priority ?? 0,
    isolation: input.isolation ?? null,
    trialTimeoutSeconds,
    retries,
    tags: [...new Set(input.tags ?? [])],
  };
}

function findTrainable(name: string | null, trainables: ReadonlyMap<string, Trainable>): Trainable | null {
  if (name === null) return null;
  const trainable = trainables.get(name);
  if (trainable === undefined) {
    throw InputError.at(
      'trainable',
      `${showJson(name)} is not installed. ${didYouMean(name, [...trainables.keys()])}`,
    );
  }
  return trainable;
}

function parseOptions(input: unknown): JsonObject {
  if (input === undefined || input === null) return {};
  if (!isJsonObject(input)) throw InputError.at('trainableOptions', 'must be an object of settings by name.');
  return input;
}

/** Loads what the options name and checks them. @returns the metrics that trials will have */
async function prepare(
  trainable: Trainable,
  options: JsonObject,
  faults: FaultList,
): Promise<readonly string[]> {
  const fault = await trainable.prepare(options).catch((error: unknown) => error);
  const isReady = faults.collect(() => {
    if (fault !== undefined) throw fault;
    trainable.checkOptions(options);
    return true;
  });
  return isReady ? trainable.metricsOf(options) : trainable.metrics;
}

function checkMetrics(
  name: string,
  metrics: readonly string[],
  path: string,
  entries: readonly { readonly metric: string }[],
  faults: FaultList,
): void {
  entries.forEach(({ metric }, i) => {
    if (metrics.includes(metric)) return;
    faults.add(
      `${path}[${i}].metric`,
      `the trainable "${name}" has no such metric. ${didYouMean(metric, metrics)}`,
    );
  });
}

/** Every event of a study holds its settings. */
function checkSize(value: unknown, path: string, faults: FaultList): void {
  const { length } = JSON.stringify(value);
  if (length <= maxJsonLength) return;
  faults.add(path, `has ${length} characters as JSON; at most ${maxJsonLength} are allowed.`);
}

function checkName(name: string, path: string, faults: FaultList): void {
  const fault = nameFault(name);
  if (fault !== null) faults.add(path, fault);
}
