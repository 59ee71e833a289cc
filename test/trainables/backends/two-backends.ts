import type * as tensorflow from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { loadBackend } from '../../../src/trainables/backends/load-backend.ts';

const { tf } = await loadBackend('wasm');

/** What a computation gives on the plain JS backend and on WASM, as numbers; it must leave no tensor behind. */
export async function onBoth(
  compute: (tf: typeof tensorflow) => readonly tensorflow.Tensor[],
): Promise<{ cpu: number[][]; wasm: number[][] }> {
  return { cpu: await onBackend('cpu', compute), wasm: await onBackend('wasm', compute) };
}

async function onBackend(
  name: 'cpu' | 'wasm',
  compute: (tf: typeof tensorflow) => readonly tensorflow.Tensor[],
): Promise<number[][]> {
  await tf.setBackend(name);
  const before = { tensors: tf.memory().numTensors, data: tf.backend().numDataIds() };
  const results = tf.tidy(() => [...compute(tf)]);
  const values = await Promise.all(results.map(async (result) => [...(await result.data())]));
  tf.dispose(results);
  expect({ tensors: tf.memory().numTensors, data: tf.backend().numDataIds() }).toEqual(before);
  return values;
}

/** Whether all numbers agree as far as float32 sums in another order can. */
export function expectEqual({ cpu, wasm }: { cpu: number[][]; wasm: number[][] }, tolerance = 1e-4): void {
  expect(wasm.map((values) => values.length)).toEqual(cpu.map((values) => values.length));
  for (const [index, expected] of cpu.entries()) {
    for (const [place, value] of expected.entries()) {
      const error = Math.abs(wasm[index]![place]! - value);
      if (!(error <= tolerance * (1 + Math.abs(value)))) {
        expect(wasm[index], `result ${index} differs at ${place}`).toEqual(expected);
      }
    }
  }
}
