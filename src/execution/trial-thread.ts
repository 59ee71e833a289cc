import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { OutOfMemory } from '../trainables/backends/backend.ts';
import { loadBackend } from '../trainables/backends/load-backend.ts';
import { keepDataset } from '../trainables/datasets/load-dataset.ts';
import { builtinTrainables } from '../trainables/registry.ts';
import { type Tensorflow, type TrialContext, TrialDiverged, TrialStopped } from '../trainables/trainable.ts';
import type { FromThread, RunOrder, RunOutcome, ThreadSetup, ToThread } from './thread-messages.ts';

// Entry of a thread that runs trials, several of them interleaved when asked to.

const port = parentPort!;
const post = (message: FromThread): void => port.postMessage(message);
const trainables = builtinTrainables();
const stops = new Map<number, AbortController>();

lowerPriority();
try {
  const { backend } = workerData as ThreadSetup;
  const { tf, device } = await loadBackend(backend);
  port.on('message', (message: ToThread) => {
    if (message.type === 'stop') stops.get(message.trialId)?.abort();
    else void run(message.order, tf);
  });
  post({ type: 'ready', device });
} catch (error) {
  post({ type: 'unusable', reason: describe(error) });
}

async function run(order: RunOrder, tf: Tensorflow): Promise<void> {
  const { trialId } = order;
  const stop = new AbortController();
  stops.set(trialId, stop);
  for (const dataset of order.datasets) keepDataset(dataset);
  const outcome = await trainables
    .get(order.trainable)!
    .run(contextOf(order, tf, stop.signal))
    .then(
      (values): RunOutcome => ({ state: 'COMPLETED', values }),
      (error: unknown): RunOutcome => toOutcome(error, stop.signal),
    );
  stops.delete(trialId);
  post({ type: 'ended', trialId, outcome });
}

function contextOf(
  { trialId, params, options, seed }: RunOrder,
  tf: Tensorflow,
  signal: AbortSignal,
): TrialContext {
  /** Training holds the thread; a turn of the event loop lets stop messages and other trials in. */
  const yieldTurn = async (): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new TrialStopped();
  };
  return {
    params,
    options,
    seed,
    tf,
    signal,
    nextBatch: yieldTurn,
    report: (step, values) => {
      post({ type: 'report', trialId, report: { step, values, time: Date.now() } });
      return yieldTurn();
    },
    log: (line) => post({ type: 'log', trialId, line }),
  };
}

function toOutcome(error: unknown, signal: AbortSignal): RunOutcome {
  if (error instanceof TrialStopped || signal.aborted) return { state: 'STOPPED' };
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
