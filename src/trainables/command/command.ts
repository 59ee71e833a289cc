import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import * as z from 'zod';
import { FaultList, InputError } from '../../core/errors.ts';
import { type JsonObject, type JsonScalar, showJson } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest-name.ts';
import {
  type ParameterInput,
  type Params,
  parametersOf,
  type SearchSpaceInput,
} from '../../core/search-space/space.ts';
import { addIssues } from '../settings.ts';
import type { Trainable } from '../trainable.ts';
import { placeholdersOf } from './template.ts';

/** A program that the operator has installed. */
export interface Command {
  /** The program and its arguments, a template. */
  readonly argv: readonly string[];
  /** Templates by name. */
  readonly env: Readonly<Record<string, string>>;
  /** An absolute path. */
  readonly cwd: string;
  /** The options that it takes, with what they are where a study says nothing. */
  readonly options: JsonObject;
}

/** A trainable that is a program: its trials are processes of it, and `run` is never called. */
export interface CommandTrainable extends Trainable {
  readonly command: Command;
}

export function isCommand(trainable: Trainable): trainable is CommandTrainable {
  return 'command' in trainable;
}

const name = z.string().min(1);
const optionValue = z.union([z.string(), z.number(), z.boolean()]);

const declaration = z.strictObject({
  name,
  description: z.string().default(''),
  command: z.array(z.string()).min(1),
  env: z.record(name, z.string()).default({}),
  cwd: z.string().default('.'),
  space: z.record(z.string(), z.unknown()),
  metrics: z.array(name).min(1),
  options: z.record(name, optionValue).default({}),
  device: z.enum(['any', 'gpu', 'cpu']).default('any'),
  totalSteps: z.union([z.int().positive(), z.string().regex(/^\{(params|options)\..+\}$/)]).optional(),
  memoryBytes: z.number().positive().optional(),
});

/**
 * Reads what the operator has written in `NAME.command.json`.
 * @param file its path: the working directory and the program are looked for from its folder on
 * @throws InputError with every fault
 */
export function readCommand(text: string, file: string): CommandTrainable {
  const faults = new FaultList();
  const parsed = declaration.safeParse(parseJson(text));
  if (!parsed.success) {
    addIssues(faults, 'command.json', parsed.error);
    faults.throwIfAny();
  }
  const declared = parsed.data!;
  const cwd = resolve(dirname(file), declared.cwd);
  const space = declared.space as SearchSpaceInput;
  checkTemplates(declared, space, faults);
  checkProgram(declared.command[0]!, cwd, faults);
  faults.throwIfAny();

  const { options: defaults, metrics } = declared;
  return {
    name: declared.name,
    description: declared.description,
    space,
    metrics,
    isolation: 'process',
    command: { argv: declared.command, env: declared.env, cwd, options: defaults },
    prepare: async () => {},
    optionsSchema: () => ({
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(defaults).map(([option, value]) => [option, { type: typeof value, default: value }]),
      ),
      additionalProperties: false,
    }),
    checkOptions: (options) => checkOptions(declared.name, options, defaults),
    metricsOf: () => metrics,
    checkSpace: (input) => checkSpace(declared.name, input, space),
    datasets: () => [],
    runsOn: () => declared.device,
    estimateMemory: () => declared.memoryBytes ?? null,
    totalSteps: (params, options) => stepsOf(declared.totalSteps, params, { ...defaults, ...options }),
    run: async () => {
      throw new Error(`"${declared.name}" is a program: it runs in a process, not here.`);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw InputError.at('file', `is no JSON: ${(error as Error).message}`);
  }
}

function checkTemplates(
  { command, env, options }: z.output<typeof declaration>,
  space: SearchSpaceInput,
  faults: FaultList,
): void {
  const known = [
    ...parametersOf(space).map(([parameter]) => `params.${parameter}`),
    ...Object.keys(options).map((option) => `options.${option}`),
  ];
  const templates: [path: string, template: string][] = [
    ...command.map((template, i): [string, string] => [`command[${i}]`, template]),
    ...Object.entries(env).map(([variable, template]): [string, string] => [`env.${variable}`, template]),
  ];
  for (const [path, template] of templates) {
    const { names, faulty } = placeholdersOf(template);
    for (const sign of faulty) {
      faults.add(path, `has ${showJson(sign)}, which is no placeholder; write {{ and }} for braces.`);
    }
    for (const placeholder of names.filter((found) => found.includes('.') && !known.includes(found))) {
      faults.add(path, `has {${placeholder}}, which is not declared. ${didYouMean(placeholder, known)}`);
    }
  }
  if (placeholdersOf(command[0]!).names.length > 0) {
    faults.add('command[0]', 'is the program, which no client may choose: it cannot have placeholders.');
  }
  command.forEach((template, i) => {
    const option = /^\{options\.(.+?)\}/.exec(template)?.[1];
    if (option === undefined || typeof options[option] !== 'string') return;
    // Clients choose its text, which could be an option of the program.
    faults.add(
      `command[${i}]`,
      `begins with a text; write it behind a name: "--${option}={options.${option}}".`,
    );
  });
}

function checkProgram(program: string, cwd: string, faults: FaultList): void {
  const fault = programFault(program, cwd);
  if (fault !== null) faults.add('command[0]', fault);
}

/** Why a program cannot be started, or null where it can. */
export function programFault(program: string, cwd: string): string | null {
  const paths = program.includes('/')
    ? [isAbsolute(program) ? program : join(cwd, program)]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  const found = paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (found.length === 0) {
    return program.includes('/')
      ? `there is no program ${paths[0]}.`
      : `there is no program "${program}" in the folders of PATH; install it or write its path.`;
  }
  return found.some(isExecutable)
    ? null
    : `${found[0]} is not executable: chmod +x it, or name its interpreter.`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function checkOptions(trainable: string, options: JsonObject, defaults: JsonObject): void {
  const faults = new FaultList();
  for (const [option, value] of Object.entries(options)) {
    const path = `trainableOptions.${option}`;
    if (!Object.hasOwn(defaults, option)) {
      const known = didYouMean(option, Object.keys(defaults));
      faults.add(path, `the trainable "${trainable}" has no such option. ${known}`);
    } else if (typeof value !== typeof defaults[option]) {
      faults.add(path, `must be a ${typeof defaults[option]}, not ${showJson(value)}.`);
    } else if (typeof value === 'string' && value.includes('\0')) {
      faults.add(path, 'must have no NUL.');
    }
  }
  faults.throwIfAny();
}

/** The operator's parameters, in any range; texts only those that the operator has named. */
function checkSpace(trainable: string, input: SearchSpaceInput, declared: SearchSpaceInput): void {
  const faults = new FaultList();
  const known = new Map(parametersOf(declared) as [string, ParameterInput][]);
  for (const [parameter, given] of parametersOf(input) as [string, ParameterInput][]) {
    const taken = known.get(parameter);
    const path = `searchSpace.${parameter}`;
    if (taken === undefined) {
      const names = didYouMean(parameter, [...known.keys()]);
      faults.add(path, `the trainable "${trainable}" has no such parameter. ${names}`);
      continue;
    }
    for (const value of valuesOf(given)) {
      if (!takes(taken, value))
        faults.add(path, `the trainable "${trainable}" does not take ${showJson(value)}.`);
    }
  }
  faults.throwIfAny();
}

/** Of a range both ends. */
function valuesOf(parameter: ParameterInput): readonly JsonScalar[] {
  if (parameter.type === 'categorical') return parameter.choices;
  return parameter.type === 'fixed' ? [parameter.value] : [parameter.low, parameter.high];
}

function takes(parameter: ParameterInput, value: JsonScalar): boolean {
  if (parameter.type === 'categorical' || parameter.type === 'fixed')
    return valuesOf(parameter).includes(value);
  return parameter.type === 'int' ? Number.isInteger(value) : typeof value === 'number';
}

function stepsOf(declared: number | string | undefined, params: Params, options: JsonObject): number | null {
  if (typeof declared !== 'string') return declared ?? null;
  const [group, key] = [
    declared.slice(1, declared.indexOf('.')),
    declared.slice(declared.indexOf('.') + 1, -1),
  ];
  const value = (group === 'params' ? params : options)[key];
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
}
