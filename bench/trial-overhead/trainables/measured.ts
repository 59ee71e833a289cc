import { appendFileSync } from 'node:fs';
import { defineTrainable } from 'trialgraph/trainable';
import { train } from '../training.ts';

interface Options {
  readonly batches: number;
  /** Where each run writes what it knows at its end, a line of JSON. */
  readonly file: string;
  /** The batch whose loss is told to be a million, so that it is pruned; 0: none. */
  readonly spikeAt: number;
}

/** The training that is compared, as a trial that reports every batch. */
export default defineTrainable<{ seed: number }, Options>({
  name: 'measured',
  description: 'Trains, and tells when it began and ended.',
  space: { seed: { type: 'int', low: 1, high: 1_000_000 } },
  metrics: ['loss', 'wallMs', 'cpuMs'],
  run: async (trial) => {
    const begunAt = now();
    const { batches, file, spikeAt } = trial.options;
    const reportedAt: number[] = [];
    try {
      trial.restore();
      const times = await train(trial.tf, trial.params.seed, batches, async (batch, loss) => {
        await trial.nextBatch();
        reportedAt.push(now());
        await trial.report(batch, { loss: batch === spikeAt ? 1e6 : loss });
        await trial.checkpoint(() => ({ step: batch, state: {}, tensors: {} }));
      });
      return { loss: 0, wallMs: times.wallMs, cpuMs: times.cpuMs ?? Number.NaN };
    } finally {
      appendFileSync(file, `${JSON.stringify({ begunAt, endedAt: now(), reportedAt })}\n`);
    }
  },
});

/** In milliseconds since 1970, with their fractions: one clock for all threads and processes. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
