import { isOutOfMemory, OutOfMemory } from '../../trainables/backends/backend.ts';
import { loadBackend } from '../../trainables/backends/load-backend.ts';
import { keepDataset } from '../../trainables/datasets/load-dataset.ts';
import { offerModels } from '../../trainables/models/saved-models.ts';
import { installedTrainables } from '../../trainables/own/installed-trainables.ts';
import { type Tensorflow, type Trainable, TrialDiverged, TrialStopped } from '../../trainables/trainable.ts';
import type { FromHost, HostSetup, RunOrder, RunOutcome, ToHost } from './host-messages.ts';
import { HostedTrial } from './hosted-trial.ts';
import { RunPeaks } from './run-peaks.ts';

/** The line to the server. */
export interface HostPort {
  post(message: FromHost, transfer?: readonly ArrayBuffer[]): void;
  listen(onMessage: (message: ToHost) => void): void;
}

/** Runs the trials that the server sends to this thread or process, several of them interleaved when asked to. */
export async function hostTrials(setup: HostSetup, port: HostPort): Promise<void> {
  const trials = new Map<number, HostedTrial>();
  const { backend, backendOptions, trainablesDir, modelsDir } = setup;
  offerModels(modelsDir);
  try {
    const trainables = await installedTrainables(trainablesDir);
    const { tf, device, takePeakBytes } = await loadBackend(backend, backendOptions);
    const peaks = new RunPeaks(takePeakBytes);
    port.listen((message) => {
      if (message.type === 'run')
        void run(message.order, trainables.get(message.order.trainable)!, tf, peaks);
      else if (message.type === 'artifact') trials.get(message.trialId)?.onArtifact(message);
      else if (message.type === 'stop') trials.get(message.trialId)?.stop();
      else trials.get(message.trialId)?.pause();
    });
    port.post({ type: 'ready', device });
  } catch (error) {
    port.post({ type: 'unusable', reason: describe(error) });
  }

  async function run(order: RunOrder, trainable: Trainable, tf: Tensorflow, peaks: RunPeaks): Promise<void> {
    const { trialId } = order;
    const trial = new HostedTrial(order, tf, port.post);
    trials.set(trialId, trial);
    peaks.started(trialId);
    const outcome = await start(order, trainable, trial).then(
      (values): RunOutcome => ({ state: 'COMPLETED', values }),
      (error: unknown): RunOutcome => toOutcome(error, trial),
    );
    trials.delete(trialId);
    const peakBytes = peaks.ended(trialId);
    port.post({ type: 'ended', trialId, outcome, ...(peakBytes === null ? {} : { peakBytes }) });
  }
}

async function start({ datasets, options }: RunOrder, trainable: Trainable, trial: HostedTrial) {
  if (datasets === null) await trainable.prepare(options);
  for (const dataset of datasets ?? []) keepDataset(dataset);
  return trainable.run(trial.context);
}

function toOutcome(error: unknown, trial: HostedTrial): RunOutcome {
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
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
