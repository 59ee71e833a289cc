import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Runs } from '../../../src/trainables/backends/run-meter.ts';
import { RunIsOver } from '../../../src/trainables/backends/run-tensors.ts';
import { watchTensorBytes } from '../../../src/trainables/backends/tensor-bytes.ts';

let runs: Runs;
beforeAll(async () => {
  await tf.setBackend('cpu');
  runs = watchTensorBytes(tf);
});

const turn = () => new Promise((resolve) => setImmediate(resolve));
const tensorsThere = () => tf.memory().numTensors;

describe('when a run has ended', () => {
  test('all that it has left is freed, and nothing of another that is interleaved with it', async () => {
    const outside = tf.scalar(1);
    const before = tensorsThere();
    const [leaky, other] = [runs.measureRun(), runs.measureRun()];
    const train = async (steps: number) => {
      tf.engine().startScope();
      const made = tf.ones([3]);
      const weight = tf.variable(made, true, 'weight');
      const optimizer = tf.train.adam(0.1);
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
      model.compile({ loss: 'meanSquaredError', optimizer: 'adam' });
      for (let step = 0; step < steps; step++) {
        optimizer.minimize(() => tf.sum(tf.square(weight)));
        await model.fit(tf.ones([4, 3]), tf.ones([4, 2]), { verbose: 0 });
        await turn();
      }
      return weight.dataSync()[0]!;
    };
    const alone = runs.measureRun();
    const expected = await alone.run(() => train(6));
    alone.end();
    expect(tensorsThere()).toBe(before);

    const ended = leaky.run(() => train(2)).then(() => leaky.end());
    const values = other.run(() => train(6));
    await ended;
    expect(await values).toBe(expected);
    expect(tensorsThere()).toBeGreaterThan(before);
    other.end();
    expect(tensorsThere()).toBe(before);
    expect(outside.dataSync()[0]).toBe(1);
    outside.dispose();
  });

  test('what a gradient had saved that failed is freed', async () => {
    const before = tensorsThere();
    const run = runs.measureRun();
    const fail = () =>
      tf.grad((x) => {
        tf.square(x);
        throw new Error('a fault of mine');
      })(tf.scalar(2));
    expect(() => run.run(fail)).toThrow('a fault of mine');
    run.end();
    expect(tensorsThere()).toBe(before);
  });

  test('code of it that goes on is stopped at its next tensor', async () => {
    const before = tensorsThere();
    const run = runs.measureRun();
    let steps = 0;
    const stray = run.run(async () => {
      for (; ; steps++) {
        await turn();
        tf.scalar(1);
      }
    });
    await turn();
    run.end();
    await expect(stray).rejects.toThrow(RunIsOver);
    expect(steps).toBeLessThan(5);
    expect(tensorsThere()).toBe(before);
  });
});

test('variables have names of their own run, and are disposed of together without those of another', () => {
  const [first, second] = [runs.measureRun(), runs.measureRun()];
  const variable = () => tf.tidy(() => tf.variable(tf.scalar(1), true, 'same name'));
  const [mine, another] = [first.run(variable), second.run(variable)];
  expect(() => first.run(variable)).toThrow('already registered');
  first.run(() => tf.disposeVariables());
  expect(() => mine.dataSync()).toThrow();
  expect(another.dataSync()[0]).toBe(1);
  const { grads } = second.run(() => tf.variableGrads(() => tf.square(another) as tf.Scalar));
  expect(Object.keys(grads)).toEqual(['same name']);
  first.end();
  second.end();
});

test('whatever runs do to tensors in turns, each frees its own at its end and no other', () => {
  const kinds = [
    'make',
    'inTidy',
    'keepInTidy',
    'returnFromTidy',
    'variable',
    'dispose',
    'open',
    'close',
    'end',
  ] as const;
  const operations = fc.array(fc.record({ run: fc.nat(2), kind: fc.constantFrom(...kinds) }), {
    maxLength: 80,
  });
  const check = (list: readonly { run: number; kind: (typeof kinds)[number] }[]) => {
    const before = tensorsThere();
    const open = () => ({ meter: runs.measureRun(), scopes: [[]] as tf.Tensor[][] });
    const all = [open(), open(), open()];
    for (const { run: i, kind } of list) {
      const { meter, scopes } = all[i]!;
      const inScope = scopes.at(-1)!;
      meter.run(() => {
        if (kind === 'make') inScope.push(tf.scalar(i));
        else if (kind === 'inTidy') tf.tidy(() => void tf.add(1, i));
        else if (kind === 'keepInTidy') scopes[0]!.push(tf.tidy(() => tf.keep(tf.scalar(i))));
        else if (kind === 'returnFromTidy') inScope.push(tf.tidy(() => tf.add(0, i)));
        else if (kind === 'variable') {
          const value = tf.scalar(i);
          inScope.push(value);
          scopes[0]!.push(tf.variable(value));
        } else if (kind === 'dispose') inScope.pop()?.dispose();
        else if (kind === 'open') {
          tf.engine().startScope();
          scopes.push([]);
        } else if (kind === 'close' && scopes.length > 1) {
          tf.engine().endScope();
          scopes.pop();
        }
      });
      if (kind === 'end') {
        meter.end();
        for (const tensor of scopes.flat()) expect(tensor.isDisposed).toBe(true);
        all[i] = open();
      }
      const alive = all.flatMap((each) => each.scopes.flat());
      for (const tensor of alive) expect(tensor.isDisposed).toBe(false);
      for (const [j, each] of all.entries())
        for (const tensor of each.scopes.flat()) expect(tensor.dataSync()[0]).toBe(j);
      expect(tensorsThere()).toBe(before + alive.length);
    }
    for (const { meter } of all) meter.end();
    expect(tensorsThere()).toBe(before);
  };
  fc.assert(fc.property(operations, check));
});
