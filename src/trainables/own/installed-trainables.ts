import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, OperatorError } from '../../core/errors.ts';
import { parseSearchSpace } from '../../core/search-space/parse-search-space.ts';
import { readCommand } from '../command/command.ts';
import { builtinTrainables } from '../registry.ts';
import type { Trainable } from '../trainable.ts';
import { prepareImports } from './load-modules.ts';

const commandFile = /\.command\.json$/;
const moduleFile = /(?<!\.d|\.test)\.(ts|js|mjs)$/;
const validName = /^[A-Za-z0-9][\w.-]{0,99}$/;

/** What a folder has, by name, and every fault of every module there. */
export interface ReadTrainables {
  readonly trainables: ReadonlyMap<string, Trainable>;
  readonly faults: readonly string[];
}

/**
 * The trainables that trials of this server can run.
 * @throws OperatorError with every fault of every module
 */
export async function installedTrainables(folder: string | null): Promise<ReadonlyMap<string, Trainable>> {
  const { trainables, faults } = await readTrainables(folder);
  if (faults.length > 0) {
    const lines = ['The trainables of trainablesDir (TRIALGRAPH_TRAINABLES_DIR) cannot be used:', ...faults];
    throw new OperatorError(lines.join('\n  '));
  }
  return trainables;
}

/**
 * Reads the trainables that come with the package, and all that the modules (*.ts, *.js, *.mjs) of a folder export or its
 * *.command.json declare. What lies in folders below it is for these modules to import.
 */
export async function readTrainables(folder: string | null): Promise<ReadTrainables> {
  const installed = new Map(builtinTrainables());
  if (folder === null) return { trainables: installed, faults: [] };
  const directory = resolve(folder);
  const origins = new Map(
    [...installed.keys()].map((name) => [name, 'a trainable that comes with trialgraph']),
  );
  const faults: string[] = [];
  const files = modulesOf(directory, faults);
  await prepareImports(
    directory,
    files.some((file) => file.endsWith('.ts')),
  );
  for (const file of files) {
    const path = join(directory, file);
    const found = commandFile.test(file) ? commandsOf(path, faults) : await trainablesOf(path, faults);
    for (const trainable of found) {
      const origin = origins.get(trainable.name);
      if (origin === undefined) {
        installed.set(trainable.name, trainable);
        origins.set(trainable.name, path);
      } else {
        faults.push(`${path}: the name "${trainable.name}" is that of ${origin}; choose another.`);
      }
    }
  }
  return { trainables: installed, faults };
}

function modulesOf(directory: string, faults: string[]): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter(
        (entry) => !entry.isDirectory() && (moduleFile.test(entry.name) || commandFile.test(entry.name)),
      )
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    faults.push(`${directory}: cannot be read: ${(error as Error).message}. Name a folder.`);
    return [];
  }
}

function commandsOf(path: string, faults: string[]): Trainable[] {
  try {
    const command = readCommand(readFileSync(path, 'utf8'), path);
    return soundOf([command], path, faults);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    faults.push(...error.faults.map((fault) => `${path}: ${fault.path}: ${fault.message}`));
    return [];
  }
}

async function trainablesOf(path: string, faults: string[]): Promise<Trainable[]> {
  let exported: unknown[];
  try {
    exported = Object.values((await import(pathToFileURL(path).href)) as object);
  } catch (error) {
    faults.push(`${path}: cannot be loaded: ${describe(error)}`);
    return [];
  }
  const trainables = [...new Set(exported.filter(isTrainable))];
  if (trainables.length === 0) {
    faults.push(
      `${path}: exports no trainable. Write \`export default defineTrainable({ ... })\`, or move what other modules ` +
        'import into a folder below.',
    );
  }
  return soundOf(trainables, path, faults);
}

function soundOf(trainables: readonly Trainable[], path: string, faults: string[]): Trainable[] {
  return trainables.filter((trainable) => {
    const own = faultsOf(trainable);
    faults.push(...own.map((fault) => `${path}: ${fault}`));
    return own.length === 0;
  });
}

/** By shape: a module may have been linked to another copy of the package. */
function isTrainable(value: unknown): value is Trainable {
  const { run, checkSpace } = (value ?? {}) as Record<string, unknown>;
  return typeof run === 'function' && typeof checkSpace === 'function';
}

/** JavaScript lets an author write anything. */
function faultsOf(trainable: Trainable): string[] {
  const { name, description, metrics, space, isolation } = trainable;
  const faults: string[] = [];
  if (typeof name !== 'string' || !validName.test(name)) {
    faults.push(`name: must be letters, digits, dots, hyphens and underscores, not ${JSON.stringify(name)}.`);
  }
  if (typeof description !== 'string') faults.push('description: must be a sentence.');
  if (isolation !== 'thread' && isolation !== 'process') {
    faults.push(`isolation: must be "thread" or "process", not ${JSON.stringify(isolation)}.`);
  }
  const areNames = Array.isArray(metrics) && metrics.every((metric) => typeof metric === 'string' && metric);
  if (!areNames || metrics.length === 0)
    faults.push('metrics: must be the names of what it reports, at least one.');
  try {
    parseSearchSpace(space, 'space');
    trainable.checkSpace(space);
  } catch (error) {
    if (error instanceof InputError) {
      faults.push(
        ...error.faults.map((fault) => `${fault.path.replace('searchSpace', 'space')}: ${fault.message}`),
      );
    } else {
      faults.push(`space: ${describe(error)}`);
    }
  }
  return faults;
}

/** The first line says what; what a syntax error quotes of the file follows. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [message] = error.message.split('\n    at ');
  return `${error.name}: ${message}`;
}
