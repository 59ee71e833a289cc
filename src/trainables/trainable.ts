import type * as tensorflow from '@tensorflow/tfjs';
import { toJSONSchema, type z } from 'zod';
import { FaultList } from '../core/errors.ts';
import type { Isolation } from '../core/isolation.ts';
import type { JsonObject } from '../core/json.ts';
import type { Params, SearchSpaceInput } from '../core/search-space/space.ts';
import type { ArtifactContent } from './artifact.ts';
import type { Checkpoint } from './checkpoint.ts';
import { loadDataset } from './datasets/load-dataset.ts';
import type { DeviceNeed, PlacedDevice } from './placed-device.ts';
import { addIssues, checkParameters } from './settings.ts';

export type { ArtifactContent } from './artifact.ts';
export type { Checkpoint, CheckpointTensor } from './checkpoint.ts';
export type { Dataset, DatasetInput, DatasetTarget, Examples } from './datasets/dataset.ts';
export { loadedDataset } from './datasets/load-dataset.ts';
export type { CudaDevice, DeviceNeed, PlacedDevice } from './placed-device.ts';

export type Tensorflow = typeof tensorflow;
export type MetricValues = Readonly<Record<string, number>>;

/** What a trainable's `run` may use of the trial it works for. */
export interface TrialContext<P = Params, O = JsonObject> {
  /** The trial's parameters. */
  readonly params: P;
  /** The fixed settings of all trials of the study (`trainableOptions`). */
  readonly options: O;
  /** The seed of this trial's own randomness: initial weights, order of examples, dropout. */
  readonly seed: number;
  /** TensorFlow.js with the backend that was chosen for this trial. */
  readonly tf: Tensorflow;
  /** Where the trial was placed. */
  readonly device: PlacedDevice;
  /** The most memory that it has had at once so far, in bytes, of what its backend computes with. */
  readonly peakBytes: number;
  /** Aborted when the trial is to stop; for waiting on anything but `nextBatch` and `report`. */
  readonly signal: AbortSignal;
  /**
   * To be awaited before every batch: gives messages and the other trials of this thread their turn.
   * Throws TrialStopped once the trial is to stop.
   */
  nextBatch(): Promise<void>;
  /**
   * Hands in metric values at a step. Steps are integers >= 0; reporting a step again replaces its value.
   * Resolves without waiting for storage. Throws TrialStopped once the trial is to stop, and InputError for what is no step
   * or no number.
   */
  report(step: number, values: MetricValues): Promise<void>;
  /**
   * To be called after the report of a step: a point from which the training can go on. `save` is called when a
   * checkpoint is due, which is every half a minute and when the trial is to pause; then this throws TrialStopped.
   */
  checkpoint(save: () => Checkpoint | Promise<Checkpoint>): Promise<void>;
  /**
   * The newest checkpoint that an earlier attempt of this trial has saved, or null: begin anew. A trial that never asks
   * starts anew whenever it is resumed.
   */
  restore(): Checkpoint | null;
  /**
   * Stores a file of this trial, in place of one that had its name (a relative path such as `samples/10.png`). Resolves
   * when it is safe; rejects with the reason where it cannot be stored, as when it is larger than the server takes. The
   * media type follows from the end of the name unless one is given.
   */
  artifact(name: string, content: ArtifactContent, contentType?: string): Promise<void>;
  /** Adds a line to the trial's log. */
  log(line: string): void;
}

/** Code a trial can run, with what must be known of it beforehand; loading it does not load TensorFlow.js. */
export interface Trainable {
  readonly name: string;
  readonly description: string;
  /** The search space of a study that brings none. */
  readonly space: SearchSpaceInput;
  /** The metrics that it can report or return. */
  readonly metrics: readonly string[];
  /** Loads the datasets: to be awaited before any of the functions below. @throws InputError */
  prepare(options: JsonObject): Promise<void>;
  /** The JSON Schema of its options, those that may be left out with their defaults; null where it takes any. */
  optionsSchema(): JsonObject | null;
  /** Throws an InputError with paths such as `trainableOptions.epochs`. */
  checkOptions(options: JsonObject): void;
  /** Those of `metrics` that trials with these options report or return: what objectives and constraints may name. */
  metricsOf(options: JsonObject): readonly string[];
  /** Throws an InputError, with paths such as `searchSpace.units`, unless `run` takes all that the space can suggest. */
  checkSpace(space: SearchSpaceInput): void;
  /** The datasets that `run` will load, so that they can be loaded once for all threads. */
  datasets(options: JsonObject): readonly string[];
  /** Where its trials run. */
  readonly isolation: Isolation;
  /** What trials with these options run on. */
  runsOn(options: JsonObject): DeviceNeed;
  /** The predicted peak in bytes on that device, or null where it cannot be predicted. */
  estimateMemory(params: Params, options: JsonObject): number | null;
  /** How many steps a whole run reports, or null where it is not known. */
  totalSteps(params: Params, options: JsonObject): number | null;
  /**
   * Trains. Resolves to the final values by metric; undefined stands for the last values reported.
   * Rejects with TrialStopped, TrialDiverged or whatever else went wrong, having freed all its tensors.
   */
  run(trial: TrialContext): Promise<MetricValues | undefined>;
}

/** A trainable as its author writes it. */
export interface TrainableDefinition<P, O> {
  readonly name: string;
  readonly description: string;
  readonly space: SearchSpaceInput;
  readonly metrics: readonly string[];
  /** Each parameter that `run` takes, with a default for those that a space may leave out. Absent: any. */
  readonly params?: z.ZodObject & z.ZodType<P>;
  /** The fixed settings it takes. Absent: any. */
  readonly options?: z.ZodType<O>;
  /** The names of the datasets that `run` takes from `loadedDataset`. */
  datasets?(options: O): readonly string[];
  /** Throws an InputError where options do not fit the datasets, which are loaded. */
  check?(options: O): void;
  /** Those of `metrics` that trials with these options have; all by default. May name further ones. */
  metricsOf?(options: O): readonly string[];
  /**
   * `process`: each trial runs in a process of its own, and takes no other with it whatever it does; it starts a
   * second later and does not share datasets. `thread` by default.
   */
  readonly isolation?: Isolation;
  /** What its trials run on; `backend` by default. */
  runsOn?(options: O): DeviceNeed;
  estimateMemory?(params: P, options: O): number;
  totalSteps?(params: P, options: O): number;
  run(trial: TrialContext<P, O>): Promise<MetricValues | undefined>;
}

/** Makes a trainable of its definition: parameters and options are checked before they reach its functions. */
export function defineTrainable<P = Params, O = JsonObject>(
  definition: TrainableDefinition<P, O>,
): Trainable {
  const { name, description, space, metrics } = definition;
  const parseOptions = (options: JsonObject): O =>
    definition.options ? parse(definition.options, options, 'trainableOptions') : (options as O);
  const parseParams = (params: Params): P =>
    definition.params ? parse(definition.params, params, 'params') : (params as P);

  return {
    name,
    description,
    space,
    metrics,
    prepare: async (options) => {
      await Promise.all((definition.datasets?.(parseOptions(options)) ?? []).map(loadDataset));
    },
    optionsSchema: () => (definition.options ? schemaOf(definition.options) : null),
    checkOptions: (options) => definition.check?.(parseOptions(options)),
    metricsOf: (options) => definition.metricsOf?.(parseOptions(options)) ?? metrics,
    checkSpace: (input) => {
      if (definition.params) checkParameters(name, definition.params, input);
    },
    datasets: (options) => definition.datasets?.(parseOptions(options)) ?? [],
    isolation: definition.isolation ?? 'thread',
    runsOn: (options) => definition.runsOn?.(parseOptions(options)) ?? 'backend',
    estimateMemory: (params, options) =>
      definition.estimateMemory?.(parseParams(params), parseOptions(options)) ?? null,
    totalSteps: (params, options) =>
      definition.totalSteps?.(parseParams(params), parseOptions(options)) ?? null,
    run: async (trial) =>
      definition.run({
        seed: trial.seed,
        tf: trial.tf,
        device: trial.device,
        get peakBytes() {
          return trial.peakBytes;
        },
        signal: trial.signal,
        nextBatch: () => trial.nextBatch(),
        report: (step, values) => trial.report(step, values),
        checkpoint: (save) => trial.checkpoint(save),
        restore: () => trial.restore(),
        artifact: (name, content, contentType) => trial.artifact(name, content, contentType),
        log: (line) => trial.log(line),
        params: parseParams(trial.params),
        options: parseOptions(trial.options),
      }),
  };
}

/** Thrown into `run` when its trial is to stop, cancelled or pruned; `run` frees what it holds and lets it pass. */
export class TrialStopped extends Error {
  override readonly name = 'TrialStopped';
}

/** The training left the finite numbers: the trial has failed, and its settings are the reason. */
export class TrialDiverged extends Error {
  override readonly name = 'TrialDiverged';
  readonly step: number;

  constructor(step: number, what: string) {
    super(`${what} in step ${step}. Lower the learning rate, or clip or normalise the gradients.`);
    this.step = step;
  }
}

/** What JSON Schema has no words for may be anything; null for the schemas of a zod that this one does not know. */
function schemaOf(options: z.ZodType): JsonObject | null {
  try {
    return toJSONSchema(options, { io: 'input', unrepresentable: 'any' }) as JsonObject;
  } catch {
    return null;
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = new FaultList();
  addIssues(faults, path, result.error);
  faults.throwIfAny();
  throw result.error;
}
