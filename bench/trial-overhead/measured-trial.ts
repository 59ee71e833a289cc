import { appendFileSync } from 'node:fs';
import { defineTrainable, type Trainable } from 'trialgraph/trainable';
import { Training } from './training.ts';
import { takeTurns } from './turns.ts';

export type Isolation = Trainable['isolation'];

// A type and no interface, as options must be known to be JSON.
export type RunOptions = {
  /** Where the run writes that it has begun, a line, and at its end what it knows, a line of JSON. */
  readonly file: string;
  /** How many batches it trains, where it takes no turns. */
  readonly batches: number;
  /** The batch whose loss is told to be a million, so that it is pruned; 0: none. */
  readonly spikeAt: number;
  /** The socket at which it waits for its turns, and its name there; null: it takes none. */
  readonly turns: { readonly path: string; readonly name: string } | null;
};

/** Times in milliseconds since 1970. */
export interface RunLog {
  readonly begunAt: number;
  readonly endedAt: number;
  /** When each batch was reported. */
  readonly reportedAt: readonly number[];
}

/** The training that is compared, as a trial that reports every batch. */
export function measuredTrial(isolation: Isolation): Trainable {
  return defineTrainable<{ seed: number }, RunOptions>({
    name: `measured-${isolation}`,
    description: 'Trains, and tells when it began and ended.',
    space: { seed: { type: 'int', low: 1, high: 1_000_000 } },
    metrics: ['loss'],
    isolation,
    run: async (trial) => {
      const begunAt = now();
      const { batches, file, spikeAt, turns } = trial.options;
      appendFileSync(file, 'begun\n');
      trial.restore();
      const reportedAt: number[] = [];
      const training = new Training(trial.tf, trial.params.seed);
      const trainBatch = async () => {
        await trial.nextBatch();
        const loss = await training.trainBatch();
        const batch = reportedAt.push(now());
        await trial.report(batch, { loss: batch === spikeAt ? 1e6 : loss });
        await trial.checkpoint(() => ({ step: batch, state: {}, tensors: {} }));
        return loss;
      };
      try {
        if (turns !== null) await takeTurns(turns.path, turns.name, trainBatch);
        else for (let batch = 1; batch <= batches; batch++) await trainBatch();
        return { loss: 0 };
      } finally {
        training.dispose();
        const log: RunLog = { begunAt, endedAt: now(), reportedAt };
        appendFileSync(file, `${JSON.stringify(log)}\n`);
      }
    },
  });
}

/** In milliseconds since 1970, with their fractions: one clock for all threads and processes. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
