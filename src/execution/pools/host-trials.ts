import { setTimeout as delay } from 'node:timers/promises';
import {
  isOutOfMemory,
  isOutOfMemoryText,
  type LoadedBackend,
  OutOfMemory,
} from '../../trainables/backends/backend.ts';
import { loadBackend } from '../../trainables/backends/load-backend.ts';
import type { RunMeter } from '../../trainables/backends/run-meter.ts';
import { keepDataset } from '../../trainables/datasets/load-dataset.ts';
import { offerModels } from '../../trainables/models/saved-models.ts';
import { installedTrainables } from '../../trainables/own/installed-trainables.ts';
import { type Trainable, TrialDiverged, TrialStopped } from '../../trainables/trainable.ts';
import type { FromHost, HostSetup, RunOrder, RunOutcome, ToHost } from './host-messages.ts';
import { HostedTrial } from './hosted-trial.ts';

/** The line to the server. */
export interface HostPort {
  post(message: FromHost, transfer?: readonly ArrayBuffer[]): void;
  listen(onMessage: (message: ToHost) => void): void;
  /** Hears no more: the thread or process ends when nothing is under way in it. */
  close(): void;
}

interface HostedRun {
  readonly trial: HostedTrial;
  readonly meter: RunMeter;
  /** Ends it, whatever its code does. */
  end(outcome: RunOutcome): void;
}

/** What fails by the loss of a device may do so before the device says that it is lost. */
const lossMs = 100;

/** Runs the trials that the server sends to this thread or process, several of them interleaved when asked to. */
export async function hostTrials(setup: HostSetup, port: HostPort): Promise<void> {
  const runs = new Map<number, HostedRun>();
  /** Trials whose code has not ended, though they may have. */
  const working = new Set<HostedTrial>();
  const { backend, backendOptions, trainablesDir, modelsDir } = setup;
  offerModels(modelsDir);
  try {
    const trainables = await installedTrainables(trainablesDir);
    const loaded = await loadBackend(backend, backendOptions);
    port.listen((message) => {
      if (message.type === 'close') close();
      else if (message.type === 'run')
        void run(message.order, trainables.get(message.order.trainable)!, loaded);
      else if (message.type === 'artifact') runs.get(message.trialId)?.trial.onArtifact(message);
      else if (message.type === 'stop') runs.get(message.trialId)?.trial.stop();
      else runs.get(message.trialId)?.trial.pause();
    });
    void loaded.lost?.then(loseAll);
    port.post({ type: 'ready', device: loaded.device });
  } catch (error) {
    port.post({ type: 'unusable', reason: describe(error) });
  }

  async function run(order: RunOrder, trainable: Trainable, loaded: LoadedBackend): Promise<void> {
    const { trialId } = order;
    const meter = loaded.measureRun();
    const trial = new HostedTrial(order, loaded.tf, meter, port.post);
    const outcome = await new Promise<RunOutcome>((end) => {
      runs.set(trialId, { trial, meter, end });
      working.add(trial);
      meter
        .run(() => start(order, trainable, trial))
        .finally(() => working.delete(trial))
        .then(
          (values) => end({ state: 'COMPLETED', values }),
          async (error: unknown) => {
            const outcome = toOutcome(error, trial);
            if (outcome.state === 'FAILED' && loaded.lost !== null) await delay(lossMs);
            end(outcome);
          },
        );
    });
    runs.delete(trialId);
    meter.end();
    // Code without tensors has memory all the same, which is not measured.
    const peak = meter.peakBytes > 0 ? { peakBytes: meter.peakBytes } : {};
    try {
      port.post({ type: 'ended', trialId, outcome, ...peak });
    } catch (error) {
      // Values may hold what cannot leave the thread, such as functions.
      port.post({ type: 'ended', trialId, outcome: { state: 'FAILED', error: describe(error) }, ...peak });
    }
  }

  function close(): void {
    for (const trial of working) trial.stop();
    port.close();
  }

  /** Where memory ran out, the run that had most of it was too large; all others may go on elsewhere. */
  function loseAll(reason: string): void {
    const bySize = [...runs.values()].sort((a, b) => b.meter.peakBytes - a.meter.peakBytes);
    const tooLarge = isOutOfMemoryText(reason) ? bySize[0] : undefined;
    for (const run of bySize) {
      const state = run === tooLarge ? 'INFEASIBLE' : 'LOST';
      run.end({ state, error: state === 'LOST' ? reason : `Out of memory: ${reason}` });
    }
    // After the ends of all runs.
    setImmediate(() => port.post({ type: 'lost', reason }));
  }
}

async function start({ datasets, options }: RunOrder, trainable: Trainable, trial: HostedTrial) {
  if (datasets === null) await trainable.prepare(options);
  for (const dataset of datasets ?? []) keepDataset(dataset);
  return trainable.run(trial.context);
}

/** Never throws, though code may throw anything: what it throws may throw in turn when it is looked at. */
function toOutcome(error: unknown, trial: HostedTrial): RunOutcome {
  try {
    return readOutcome(error, trial);
  } catch {
    return {
      state: 'FAILED',
      error: 'Its code threw something that cannot be shown as text; throw an Error.',
    };
  }
}

function readOutcome(error: unknown, trial: HostedTrial): RunOutcome {
  if (error instanceof TrialStopped && trial.isPaused) return { state: 'PAUSED' };
  if (error instanceof TrialStopped || trial.isStopped) return { state: 'STOPPED' };
  if (isOutOfMemory(error)) return { state: 'INFEASIBLE', error: describe(error) };
  const failure = { state: 'FAILED', error: describe(error) } as const;
  return error instanceof TrialDiverged ? { ...failure, retry: false } : failure;
}

function describe(error: unknown): string {
  // The settings are the reason; where in the code it showed does not matter.
  if (error instanceof TrialDiverged || error instanceof OutOfMemory) return error.message;
  if (isOutOfMemory(error)) return `Out of memory: ${(error as Error).message}`;
  return String(error instanceof Error ? (error.stack ?? error.message) : error);
}
