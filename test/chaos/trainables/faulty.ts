import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkpoint, defineTrainable, type TrialContext } from 'trialgraph/trainable';
import * as z from 'zod';
import { Ledger } from '../ledger.ts';
import { insideLoss } from '../reported-values.ts';
import { faultOfDraw, type UserFault } from '../user-faults.ts';

// What runs inside the server under fire: by its parameter a healthy training, or one with a fault.

const steps = 12;
const faultStep = 4;
const stepMs = 30;

export default defineTrainable({
  name: 'faulty',
  description: 'Trains well, or does one of the things that code should not do.',
  space: { draw: { type: 'int', low: 0, high: 99 } },
  params: z.strictObject({ draw: z.int() }),
  options: z.strictObject({ ledger: z.string() }),
  metrics: ['loss', 'startedAt', 'looping'],
  totalSteps: () => steps,
  run: async (trial) => {
    const { draw } = trial.params;
    const fault = faultOfDraw(draw);
    const startedAt = Date.now();
    const saved = trial.restore();
    if (saved !== null && saved.state.loss !== insideLoss(draw, saved.step))
      throw new Error('The checkpoint is not that of this trial.');
    for (let step = (saved?.step ?? 0) + 1; step <= steps; step++) {
      await sleep(stepMs);
      if (fault !== null && step === faultStep) await inflict(fault, trial);
      const loss = insideLoss(draw, step);
      await trial.report(step, { loss, startedAt });
      await trial.checkpoint((): Checkpoint => ({ step, state: { loss }, tensors: {} }));
    }
    await storeResult(trial, `draw ${draw}, started at ${startedAt}`);
    return undefined;
  },
});

async function inflict(
  fault: UserFault,
  trial: TrialContext<unknown, { readonly ledger: string }>,
): Promise<void> {
  // Marks the trial for whoever stops loops; the report needs a turn of the event loop to leave.
  if (fault === 'an infinite loop') await trial.report(faultStep, { looping: 1 });
  new Ledger(trial.options.ledger, `server-${process.pid}`).write({ kind: 'fault', fault });
  switch (fault) {
    case 'an exception':
      throw new Error('chaos: an exception');
    case 'a rejected promise':
      return Promise.reject(new Error('chaos: a rejected promise'));
    case 'a rejection that nobody awaits':
      void Promise.reject(new Error('chaos: a rejection'));
      return sleep(60_000);
    case 'process.exit':
      return process.exit(7);
    case 'an allocation too large':
      new ArrayBuffer(2 ** 45);
      return;
    case 'a full heap':
      for (const kept: number[][] = []; ; ) kept.push(Array.from({ length: 10_000 }, Math.random));
    case 'an infinite loop':
      for (;;);
  }
}

/** A full disk is waited for. */
async function storeResult(
  trial: TrialContext<unknown, { readonly ledger: string }>,
  text: string,
): Promise<void> {
  for (;;) {
    try {
      return await trial.artifact('result.txt', text);
    } catch (error) {
      if (trial.signal.aborted) throw error;
      await sleep(200);
    }
  }
}
