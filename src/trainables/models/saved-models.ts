import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { isJsonObject, showJson } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest-name.ts';
import { parseTopology, type SavedLayer } from './model-topology.ts';

/** A layers model on disk, in the format of TensorFlow.js: model.json and the files of its weights. */
export interface SavedModel {
  readonly folder: string;
  readonly layers: readonly SavedLayer[];
  /** The number of weights of each layer that has any. */
  readonly weights: ReadonlyMap<string, number>;
  /** As `tf.loadLayersModel` takes them. */
  readonly modelTopology: object;
  readonly weightSpecs: readonly WeightSpec[];
  /** One after the other they hold the weights in the order of `weightSpecs`. */
  readonly weightFiles: readonly string[];
}

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}

const option = 'trainableOptions.model';
const fileName = 'model.json';
const bytesOf: Readonly<Record<string, number>> = { float16: 2, uint16: 2, uint8: 1, bool: 1 };

let offered: string | null = null;
const read = new Map<string, { readonly modifiedMs: number; readonly model: SavedModel }>();

/** Names the folder with the operator's models, for this thread. */
export function offerModels(folder: string | null): void {
  offered = folder === null ? null : resolve(folder);
}

export function offeredModels(): string | null {
  return offered;
}

/** The names of the operator's models: the folders in the folder that have a model.json. */
function modelNames(): string[] {
  if (offered === null || !existsSync(offered)) return [];
  return readdirSync(offered)
    .filter((name) => existsSync(join(offered!, name, fileName)))
    .sort();
}

/**
 * A model of the operator's, by name; undefined: the only one that there is. Its weights are not read, but that their
 * files are whole is checked.
 * @throws InputError that says which file is wrong and what to do
 */
export function savedModel(name: string | undefined): SavedModel {
  const names = modelNames();
  if (offered === null) {
    throw InputError.at(
      option,
      'there are no models. Ask the operator to name the folder that has them: modelsDir (TRIALGRAPH_MODELS_DIR).',
    );
  }
  if (name === undefined && names.length !== 1) {
    const found = names.length === 0 ? `${offered} has no folder with a ${fileName}` : names.join(', ');
    throw InputError.at(option, `name the folder of the model: ${found}.`);
  }
  const chosen = name ?? names[0]!;
  if (!names.includes(chosen)) {
    throw InputError.at(
      option,
      `there is no ${fileName} in a folder ${showJson(chosen)} of ${offered}. ${didYouMean(chosen, names)}`,
    );
  }
  const folder = join(offered, chosen);
  try {
    return readModel(folder);
  } catch (error) {
    throw InputError.at(option, `${join(folder, fileName)} cannot be used: ${(error as Error).message}.`);
  }
}

function readModel(folder: string): SavedModel {
  const path = join(folder, fileName);
  const modifiedMs = statSync(path).mtimeMs;
  const known = read.get(path);
  if (known?.modifiedMs === modifiedMs) return known.model;
  const model = parseModel(folder, readFileSync(path, 'utf8'));
  read.set(path, { modifiedMs, model });
  return model;
}

function parseModel(folder: string, text: string): SavedModel {
  const json = parseJson(text);
  if (json.format === 'graph-model') {
    throw new Error(
      'it is a graph model, whose layers are not known. Convert the Keras model itself with ' +
        '--output_format=tfjs_layers_model',
    );
  }
  const { modelTopology, weightsManifest } = json;
  if (!isJsonObject(modelTopology) || !Array.isArray(weightsManifest)) {
    throw new Error('it has no modelTopology or weightsManifest: it is no layers model of TensorFlow.js');
  }
  const layers = parseTopology(modelTopology);
  if (layers.some(({ kind, config }) => kind === 'InputLayer' && 'batch_shape' in config)) {
    throw new Error(
      'it was saved by Keras 3, whose format TensorFlow.js cannot read. Save it with Keras 2: see docs/trainables.md',
    );
  }
  const groups = weightsManifest as { readonly paths: string[]; readonly weights: WeightSpec[] }[];
  const weightFiles: string[] = [];
  for (const { paths, weights } of groups) {
    const files = paths.map((file) => join(folder, file));
    const missing = files.find((file) => !existsSync(file));
    if (missing !== undefined) throw new Error(`${missing} is not there: copy all files of the model`);
    const found = files.reduce((sum, file) => sum + statSync(file).size, 0);
    const expected = weights.reduce((sum, spec) => sum + byteLength(spec), 0);
    if (found !== expected) {
      const names = paths.join(', ');
      throw new Error(
        `${names} should have ${expected} bytes of weights, but ${found} are there: copy again`,
      );
    }
    weightFiles.push(...files);
  }
  const weightSpecs = groups.flatMap((group) => group.weights);
  return { folder, layers, weights: countWeights(weightSpecs), modelTopology, weightSpecs, weightFiles };
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is no JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!isJsonObject(json)) throw new Error('it is no JSON object');
  return json;
}

function byteLength({ shape, dtype, quantization }: WeightSpec): number {
  return countOf(shape) * (bytesOf[quantization?.dtype ?? dtype] ?? 4);
}

/** A weight is named after its layer: `block1_conv1/kernel`. */
function countWeights(specs: readonly WeightSpec[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name, shape } of specs) {
    const layer = name.split('/')[0]!;
    counts.set(layer, (counts.get(layer) ?? 0) + countOf(shape));
  }
  return counts;
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
