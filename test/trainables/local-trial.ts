import type { JsonObject } from '../../src/core/json.ts';
import type { Params } from '../../src/core/search-space/space.ts';
import { type ArtifactFile, artifactFile } from '../../src/trainables/artifact.ts';
import type { Checkpoint } from '../../src/trainables/checkpoint.ts';
import {
  type MetricValues,
  type Tensorflow,
  type Trainable,
  type TrialContext,
  TrialStopped,
} from '../../src/trainables/trainable.ts';

export interface LocalRun {
  readonly reports: readonly { readonly step: number; readonly values: MetricValues }[];
  readonly log: readonly string[];
  /** How often the trainable asked for its next batch. */
  readonly batches: number;
  readonly values: MetricValues | undefined;
  readonly error: unknown;
  /** The files that it stored, by name. */
  readonly artifacts: ReadonlyMap<string, ArtifactFile>;
  /** What it saved when it was paused. */
  readonly checkpoint: Checkpoint | undefined;
}

export interface LocalTrial {
  readonly tf: Tensorflow;
  readonly params?: Params;
  readonly options?: JsonObject;
  readonly seed?: number;
  /** Stops the trial when it asks for its batch of this number. */
  readonly stopAtBatch?: number;
  /** Pauses the trial at the checkpoint of this step. */
  readonly pauseAtStep?: number;
  /** Where it goes on from. */
  readonly checkpoint?: Checkpoint;
}

/** Runs a trainable in this thread and keeps all that it says. */
export async function runLocally(trainable: Trainable, trial: LocalTrial): Promise<LocalRun> {
  const { tf, params = {}, options = {}, seed = 1, stopAtBatch = Number.POSITIVE_INFINITY } = trial;
  let saved: Checkpoint | undefined;
  const reports: { step: number; values: MetricValues }[] = [];
  const log: string[] = [];
  const artifacts = new Map<string, ArtifactFile>();
  const stop = new AbortController();
  let batches = 0;
  const context: TrialContext = {
    tf,
    params,
    options,
    seed,
    device: { id: 'cpu', kind: 'cpu', cuda: null },
    peakBytes: 1000,
    signal: stop.signal,
    nextBatch: async () => {
      if (++batches >= stopAtBatch) stop.abort();
      if (stop.signal.aborted) throw new TrialStopped('cancelled');
    },
    report: async (step, values) => {
      reports.push({ step, values });
      if (stop.signal.aborted) throw new TrialStopped('cancelled');
    },
    checkpoint: async (save) => {
      if (reports.at(-1)!.step !== trial.pauseAtStep) return;
      saved = await save();
      throw new TrialStopped('paused');
    },
    restore: () => trial.checkpoint ?? null,
    artifact: async (name, content, contentType) => {
      artifacts.set(name, artifactFile(name, content, contentType));
    },
    log: (line) => void log.push(line),
  };
  await trainable.prepare(options);
  const outcome = await trainable.run(context).then(
    (values) => ({ values, error: undefined }),
    (error: unknown) => ({ values: undefined, error }),
  );
  return { reports, log, batches, artifacts, checkpoint: saved, ...outcome };
}
