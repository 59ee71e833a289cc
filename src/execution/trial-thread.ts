import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { OutOfMemory } from '../trainables/backends/backend.ts';
import { loadBackend } from '../trainables/backends/load-backend.ts';
import { keepDataset } from '../trainables/datasets/load-dataset.ts';
import { installedTrainables } from '../trainables/own/installed-trainables.ts';
import { type Tensorflow, type Trainable, TrialDiverged, TrialStopped } from '../trainables/trainable.ts';
import type { FromThread, RunOrder, RunOutcome, ThreadSetup, ToThread } from './thread-messages.ts';
import { ThreadTrial } from './thread-trial.ts';

// Entry of a thread that runs trials, several of them interleaved when asked to.

const port = parentPort!;
const post = (message: FromThread, transfer?: readonly ArrayBuffer[]): void =>
  port.postMessage(message, transfer);
const trials = new Map<number, ThreadTrial>();

lowerPriority();
try {
  const { backend, trainablesDir } = workerData as ThreadSetup;
  const trainables = await installedTrainables(trainablesDir);
  const { tf, device } = await loadBackend(backend);
  port.on('message', (message: ToThread) => {
    if (message.type === 'run') void run(message.order, trainables.get(message.order.trainable)!, tf);
    else if (message.type === 'artifact') trials.get(message.trialId)?.onArtifact(message);
    else if (message.type === 'stop') trials.get(message.trialId)?.stop();
    else trials.get(message.trialId)?.pause();
  });
  post({ type: 'ready', device });
} catch (error) {
  post({ type: 'unusable', reason: describe(error) });
}

async function run(order: RunOrder, trainable: Trainable, tf: Tensorflow): Promise<void> {
  const { trialId } = order;
  const trial = new ThreadTrial(order, tf, post);
  trials.set(trialId, trial);
  for (const dataset of order.datasets) keepDataset(dataset);
  const outcome = await trainable.run(trial.context).then(
    (values): RunOutcome => ({ state: 'COMPLETED', values }),
    (error: unknown): RunOutcome => toOutcome(error, trial),
  );
  trials.delete(trialId);
  post({ type: 'ended', trialId, outcome });
}

function toOutcome(error: unknown, trial: ThreadTrial): RunOutcome {
  if (error instanceof TrialStopped && trial.isPaused) return { state: 'PAUSED' };
  if (error instanceof TrialStopped || trial.isStopped) return { state: 'STOPPED' };
  if (isOutOfMemory(error)) return { state: 'INFEASIBLE', error: describe(error) };
  return { state: 'FAILED', error: describe(error) };
}

/** A backend's own error, or V8's when an array does not fit. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof OutOfMemory || (error instanceof RangeError && /allocation failed/i.test(error.message))
  );
}

function describe(error: unknown): string {
  // The settings are the reason; where in the code it showed does not matter.
  if (error instanceof TrialDiverged || error instanceof OutOfMemory) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Training must not make the server's own thread wait for a core: on Linux pid 0 is the calling thread alone. */
function lowerPriority(): void {
  if (process.platform === 'linux') setPriority(0, 10);
}
