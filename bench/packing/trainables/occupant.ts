import { setTimeout as sleep } from 'node:timers/promises';
import { defineTrainable } from 'trialgraph/trainable';

const mebibyte = 2 ** 20;
const sliceMs = 10;

/**
 * Holds so much memory for so long, and leaves the cores alone: as a trial does whose work is done by a device of its
 * own. So how many run at once is a matter of memory only, and the best possible order is known.
 */
export default defineTrainable<{ mebibytes: number; milliseconds: number }>({
  name: 'occupant',
  description: 'Holds memory for a time.',
  space: {
    mebibytes: { type: 'int', low: 1, high: 1000 },
    milliseconds: { type: 'int', low: 1, high: 100_000 },
  },
  metrics: ['held'],
  estimateMemory: ({ mebibytes }) => mebibytes * mebibyte,
  run: async ({ tf, params, nextBatch }) => {
    const bytesPerNumber = 4;
    const held = tf.ones([(params.mebibytes * mebibyte) / bytesPerNumber]);
    try {
      const end = performance.now() + params.milliseconds;
      for (let left = params.milliseconds; left > 0; left = end - performance.now()) {
        await sleep(Math.min(sliceMs, left));
        await nextBatch();
      }
      return { held: params.mebibytes };
    } finally {
      held.dispose();
    }
  },
});
