import { FaultList, InputError } from './errors.ts';
import { FieldReader, type NumberRule } from './field-reader.ts';
import { isJsonObject, showJson } from './json.ts';
import type { StudyProblem } from './study.ts';

/** One kind of a sampler or pruner: the options it takes beside `kind`, and how it is made of them. */
export interface Kind<Made> {
  readonly options: readonly string[];
  /** What it returns, maybe nothing, is thrown away where `fields` noted a fault. */
  create(fields: FieldReader, problem: StudyProblem): Made;
}

/**
 * Makes what settings such as `{"kind": "tpe", "startupTrials": 20}` ask for. Every kind takes the common options too;
 * they are only checked here.
 * @throws InputError for an unknown kind, an unknown option or a faulty value.
 */
export function createOfKind<Made>(
  kinds: Readonly<Record<string, Kind<Made>>>,
  settings: unknown,
  problem: StudyProblem,
  path: string,
  commonOptions: Readonly<Record<string, NumberRule>> = {},
): Made {
  const faults = new FaultList();
  const names = Object.keys(kinds);
  if (!isJsonObject(settings)) {
    const example = `{"kind": "${names[0]}"}`;
    throw InputError.at(path, `must be an object such as ${example}, not ${showJson(settings)}.`);
  }
  const fields = FieldReader.open(settings, path, faults)!;
  const name = fields.oneOf('kind', names);
  const kind = name === undefined ? undefined : kinds[name]!;
  if (kind !== undefined) fields.allowOnly('kind', ...Object.keys(commonOptions), ...kind.options);
  for (const [option, rule] of Object.entries(commonOptions)) fields.number(option, rule);
  const made = kind?.create(fields, problem);
  faults.throwIfAny();
  return made!;
}
