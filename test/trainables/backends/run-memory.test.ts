import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { watchTensorBytes } from '../../../src/trainables/backends/tensor-bytes.ts';
import { watchRunBuffers } from '../../../src/trainables/backends/webgpu-run-memory.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

interface TestBuffer {
  readonly size: number;
  readonly usage: number;
}

/** As tfjs keeps them: what is given back is used again for the same size and use, and none is ever freed. */
function bufferPool() {
  const free: TestBuffer[] = [];
  let heldBytes = 0;
  return {
    free,
    heldBytes: () => heldBytes,
    acquireBuffer: (size: number, usage: number, _mapped = false, reuse = true): TestBuffer => {
      const found = reuse ? free.findIndex((kept) => kept.size === size && kept.usage === usage) : -1;
      if (found >= 0) return free.splice(found, 1)[0]!;
      heldBytes += size;
      return { size, usage };
    },
    releaseBuffer: (buffer: TestBuffer, reuse = true): void => {
      if (reuse) free.push(buffer);
      else heldBytes -= buffer.size;
    },
  };
}

test('the buffers of a run are its own, kept ones of its kind among them, and not those of another', async () => {
  const pool = bufferPool();
  const runs = watchRunBuffers(tf, pool, () => {});
  const [small, large] = [runs.measureRun(), runs.measureRun()];
  const running = [
    small.run(async () => {
      const first = pool.acquireBuffer(100, 1);
      await turn();
      pool.releaseBuffer(first);
      await turn();
      pool.acquireBuffer(100, 1);
      pool.acquireBuffer(10, 1);
    }),
    large.run(async () => {
      await turn();
      pool.acquireBuffer(5000, 1);
    }),
  ];
  pool.acquireBuffer(1e6, 1);
  await Promise.all(running);
  expect(small.peakBytes).toBe(110);
  expect(large.peakBytes).toBe(5000);
});

test('what another run gives back to the pool is taken off the run that had it', async () => {
  const pool = bufferPool();
  const runs = watchRunBuffers(tf, pool, () => {});
  const [first, second] = [runs.measureRun(), runs.measureRun()];
  const buffer = first.run(() => pool.acquireBuffer(100, 1));
  second.run(() => pool.releaseBuffer(buffer));
  first.run(() => pool.acquireBuffer(100, 1));
  expect([first.peakBytes, second.peakBytes]).toEqual([100, 0]);
});

test('a run alone has the peak of the pool, and the peaks of interleaved runs are together no less', () => {
  const operations = fc.array(
    fc.record({
      run: fc.nat(2),
      size: fc.constantFrom(1, 10, 100),
      acquires: fc.boolean(),
      reuse: fc.boolean(),
    }),
    { maxLength: 60 },
  );
  const play = (
    count: number,
    list: readonly { run: number; size: number; acquires: boolean; reuse: boolean }[],
  ) => {
    const pool = bufferPool();
    const runs = watchRunBuffers(tf, pool, () => {});
    const meters = Array.from({ length: count }, () => runs.measureRun());
    const inUse = meters.map((): { buffer: TestBuffer; reuse: boolean }[] => []);
    let most = 0;
    for (const { run, size, acquires, reuse } of list) {
      const [meter, held] = [meters[run % count]!, inUse[run % count]!];
      meter.run(() => {
        if (acquires) held.push({ buffer: pool.acquireBuffer(size, 1, false, reuse), reuse });
        else {
          const last = held.pop();
          if (last !== undefined) pool.releaseBuffer(last.buffer, last.reuse);
        }
      });
      most = Math.max(most, pool.heldBytes());
    }
    return { most, peaks: meters.map(({ peakBytes }) => peakBytes) };
  };
  fc.assert(
    fc.property(operations, (list) => {
      const alone = play(1, list);
      expect(alone.peaks[0]).toBe(alone.most);
      const together = play(3, list);
      expect(together.peaks.reduce((sum, peak) => sum + peak, 0)).toBeGreaterThanOrEqual(together.most);
    }),
  );
});

test('tensors of interleaved runs count for the run that makes them', async () => {
  await tf.setBackend('cpu');
  const runs = watchTensorBytes(tf);
  const kept = tf.zeros([1000]);
  const meters = [1, 2, 3].map((size) => ({ size, meter: runs.measureRun() }));
  await Promise.all(
    meters.map(({ size, meter }) =>
      meter.run(async () => {
        for (let batch = 0; batch < 3; batch++) {
          const tensor = tf.zeros([size * 100]);
          await turn();
          tensor.dispose();
        }
      }),
    ),
  );
  kept.dispose();
  expect(meters.map(({ meter }) => meter.peakBytes)).toEqual([400, 800, 1200]);
});
