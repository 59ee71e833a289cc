import type * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { steadyKernel } from '../../../../src/trainables/backends/wasm-kernels/steady-kernel.ts';

/** A kernel on a clock of its own, that takes `msOf` whether its stack is shifted. */
function clocked(msOf: (isShifted: boolean, call: number) => number) {
  let time = 0;
  const shifts: boolean[] = [];
  const kernel = steadyKernel(
    ((...args: unknown[]) => {
      const isShifted = args.length > 1;
      time += msOf(isShifted, shifts.length);
      shifts.push(isShifted);
      return (args[0] as { inputs: object }).inputs;
    }) as unknown as tf.KernelFunc,
    () => time,
  );
  const run = (calls: number, shape = [4, 4]): boolean[] => {
    const before = shifts.length;
    for (let i = 0; i < calls; i++) {
      const inputs = { a: { dataId: {}, shape, dtype: 'float32' as const } };
      expect(kernel({ inputs, backend: {}, attrs: {} })).toBe(inputs);
    }
    return shifts.slice(before);
  };
  return { run };
}

describe('a product of matrices', () => {
  it('is shifted on its stack when it has become slow for no reason of its own, and stays where it is fast', () => {
    let isBad = false;
    const { run } = clocked((isShifted) => (isBad && !isShifted ? 4 : 2));
    expect(run(20)).not.toContain(true);
    isBad = true;
    // Three before it is found, and two tries of the other way.
    expect(run(100).filter((isShifted) => !isShifted)).toHaveLength(5);
  });

  it('is shifted also where it was slow from the beginning', () => {
    const { run } = clocked((isShifted) => (isShifted ? 2 : 4));
    run(60);
    expect(run(30)).not.toContain(false);
  });

  it('is shifted back when the frames below it have moved again', () => {
    let bad = false;
    const { run } = clocked((isShifted) => (isShifted === bad ? 4 : 2));
    run(10);
    for (let turn = 0; turn < 5; turn++) {
      bad = !bad;
      expect(run(50).filter((isShifted) => isShifted === bad).length).toBeLessThanOrEqual(4);
    }
  });

  it('stays at the better place on a machine that has become slower', () => {
    let slowdown = 1;
    const { run } = clocked((isShifted) => slowdown * (isShifted ? 4 : 2));
    run(10);
    slowdown = 1.6;
    run(30);
    expect(run(100).filter((isShifted) => isShifted)).toHaveLength(2);
  });

  it('is not moved by single slow calls, and apart from products of other shapes', () => {
    const { run } = clocked((_, call) => (call % 3 === 0 ? 9 : 2));
    expect(run(49)).not.toContain(true);
    let isBad = false;
    const other = clocked((isShifted) => (isBad && !isShifted ? 4 : 2));
    other.run(5, [1]);
    other.run(5, [2]);
    isBad = true;
    expect(other.run(10, [1]).slice(3)).not.toContain(false);
    expect(other.run(3, [2])).not.toContain(true);
  });
});
