import { isOutOfMemory, type LoadedBackend } from '../../trainables/backends/backend.ts';
import { LocalHost, type LocalRun } from './local-host.ts';

/** What came of one backend; losses are those of the training that all backends have in common, batch by batch. */
export interface BackendCheck {
  readonly losses: readonly number[];
  readonly msPerBatch: number;
  readonly peakBytes: number;
  /** Absent on the backend that the others are compared with. */
  readonly gpu?: GpuCheck;
}

interface GpuCheck {
  /** The largest difference, as a share, of a loss of trials that take turns from the same one alone. */
  readonly interleavedDifference: number;
  /** From the cancelling of a fourth trial to its end. */
  readonly cancelMs: number;
  readonly memory: MemoryCheck;
  /** Absent where a device cannot be lost. */
  readonly loss?: LossCheck;
}

interface LossCheck {
  /** How a trial ended whose device was taken away; LOST is right: a server queues it again. */
  readonly trialState: string;
  readonly message: string;
}

interface MemoryCheck {
  /** How much could be filled. */
  readonly filledBytes: number;
  readonly message: string;
  /** How a trial ended that found no room; INFEASIBLE is right. */
  readonly trialState: string;
  /** As above, of a training after the memory was free again. */
  readonly differenceAfter: number;
}

/** 20 batches of 16 digits, a step each: seconds in plain JavaScript. */
const training = {
  trainable: 'cnn',
  params: { blocks: 2, filters1: 4, filters2: 8, units: 32, learningRate: 0.001, batchSize: 16 },
  options: {
    dataset: 'mnist',
    trainExamples: 320,
    validationExamples: 32,
    epochs: 1,
    stepExamples: 16,
    validateEverySteps: 1000,
  },
  seed: 1,
};
/** Two layers of 64 MiB of weights, and as much for each gradient and moment. */
const largeTraining = {
  ...training,
  trainable: 'dense',
  params: { layers: 3, shape: 'fixed', units1: 4096, optimizer: 'adam', batchSize: 32 },
};
const chunkBytes = 64 * 2 ** 20;
const mostChunks = 4096;

/** Trains on a backend; on a GPU also several trials at once, one of which is cancelled, and with its memory full. */
export async function checkBackend(backend: LoadedBackend): Promise<BackendCheck> {
  const host = await LocalHost.start(backend.name);
  // Once before it counts: shaders are compiled, and tensors find their places.
  await completed(host.run({ ...training, options: { ...training.options, epochs: 0.1 } }));
  const start = performance.now();
  const alone = host.run(training);
  await completed(alone);
  const msPerBatch = (performance.now() - start) / alone.losses.length;
  const result = { losses: alone.losses, msPerBatch, peakBytes: alone.peakBytes };
  if (backend.kind === 'cpu') return result;

  const together = [1, 2, 3].map(() => host.run(training));
  let cancelledAt = 0;
  const cancelled: LocalRun = host.run(training, () => {
    if (cancelled.losses.length !== 3) return;
    cancelledAt = performance.now();
    cancelled.stop();
  });
  const end = await cancelled.outcome;
  if (end.state !== 'STOPPED') throw new Error(`The trial that was cancelled ended as ${end.state}.`);
  const cancelMs = performance.now() - cancelledAt;
  for (const run of together) await completed(run);
  const interleavedDifference = Math.max(
    ...together.map(({ losses }) => largestDifference(losses, alone.losses)),
  );
  const memory = await checkMemory(backend, host, alone.losses);
  // The last: nothing computes here afterwards.
  const loss = backend.lost === null ? {} : { loss: await checkLoss(backend, host) };
  return { ...result, gpu: { interleavedDifference, cancelMs, memory, ...loss } };
}

async function checkMemory(
  { tf }: LoadedBackend,
  host: LocalHost,
  losses: readonly number[],
): Promise<MemoryCheck> {
  const kept: { dispose(): void }[] = [];
  let message: string | null = null;
  const count = chunkBytes / 4;
  while (message === null && kept.length < mostChunks) {
    try {
      const chunk = tf.fill([count], kept.length + 1);
      kept.push(chunk);
      // Read, so that it has been computed.
      const last = tf.tidy(() => tf.slice(chunk, [count - 1], [1]));
      const [value] = await last.data();
      last.dispose();
      if (value !== kept.length) message = `wrong numbers: ${value} in place of ${kept.length}`;
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      message = (error as Error).message;
    }
  }
  const outcome = await host.run(largeTraining).outcome;
  for (const chunk of kept) chunk.dispose();
  const after = host.run(training);
  await completed(after);
  return {
    filledBytes: kept.length * chunkBytes,
    message: message ?? 'it never became full',
    trialState: outcome.state,
    differenceAfter: largestDifference(after.losses, losses),
  };
}

async function checkLoss({ tf }: LoadedBackend, host: LocalHost): Promise<LossCheck> {
  const { device } = tf.backend() as unknown as { readonly device: { destroy(): void } };
  const run: LocalRun = host.run(training, () => {
    if (run.losses.length === 3) device.destroy();
  });
  const { state } = await run.outcome;
  return { trialState: state, message: await host.lost };
}

async function completed(run: LocalRun): Promise<void> {
  const outcome = await run.outcome;
  if (outcome.state === 'COMPLETED') return;
  throw new Error(`A training ended as ${outcome.state}${'error' in outcome ? `: ${outcome.error}` : '.'}`);
}

/** The largest |a - b| / |b|, step by step; infinite where one is longer or no number. */
export function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const shares = a.map((value, i) => Math.abs(value - b[i]!) / Math.abs(b[i]!));
  return shares.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...shares);
}
