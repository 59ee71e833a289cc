import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { describe, expect, it } from 'vitest';
import { backendNames, OutOfMemory } from '../../../src/trainables/backends/backend.ts';
import { loadBackend } from '../../../src/trainables/backends/load-backend.ts';
import { isInstalled } from '../../../src/trainables/backends/optional-package.ts';
import { probeBackends } from '../../../src/trainables/backends/probe-backends.ts';
import { runFixture } from '../run-fixture.ts';

describe('probing the backends', () => {
  it('answers for each in the order of preference: what it is, or why it does not work', async () => {
    const probes = await probeBackends();
    expect(probes.map((probe) => probe.name)).toEqual(backendNames);
    for (const probe of probes) {
      if (probe.works)
        expect(probe).toMatchObject({
          device: expect.stringMatching(/./),
          version: expect.stringMatching(/\d/),
        });
      else expect(probe.reason).toMatch(/.{20}/);
    }
    const byName = Object.fromEntries(probes.map((probe) => [probe.name, probe]));
    expect(byName.wasm).toMatchObject({
      works: true,
      kind: 'cpu',
      version: expect.stringContaining('4.22.0'),
    });
    expect(byName.cpu).toMatchObject({ works: true, kind: 'cpu' });
  });

  it('tries only the backends that it is asked for, in the order of preference', async () => {
    const probes = await probeBackends({ backends: ['cpu', 'wasm'] });
    expect(probes.map((probe) => [probe.name, probe.works])).toEqual([
      ['wasm', true],
      ['cpu', true],
    ]);
  });

  it('gives up on a backend that does not answer in time', async () => {
    const [probe] = await probeBackends({ backends: ['cpu'], timeoutMs: 1 });
    expect(probe).toMatchObject({ works: false, reason: 'It gave no answer within 0.001 s.' });
  });
});

describe('loading a backend', () => {
  it.skipIf(isInstalled('@tensorflow/tfjs-node'))('says how to install an optional package', async () => {
    await expect(loadBackend('tensorflow')).rejects.toThrow('To use it: trialgraph setup-tensorflow');
  });

  it('prints nothing and leaves no handler of the process behind', async () => {
    expect(await runFixture('quiet-backends')).toBe('');
  });

  it('gives the same backend each time, with its kernels registered once', async () => {
    expect(await loadBackend('wasm')).toBe(await loadBackend('wasm'));
  });
});

describe('the memory of the WASM backend', () => {
  it('throws when a tensor does not fit, and works on', async () => {
    const { tf } = await loadBackend('wasm');
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => void tf.fill([2 ** 30], 1))).toThrow(OutOfMemory);
    expect(() =>
      tf.tidy(() => void (tf.backend() as BackendWasm).makeOutput([2 ** 30 - 1], 'float32')),
    ).toThrow('Out of memory');
    expect(tf.memory().numTensors).toBe(before);
    expect([...tf.tidy(() => tf.add(tf.ones([2]), 1).dataSync())]).toEqual([2, 2]);
  });

  it('is told at its peak, also of tensors that are gone', async () => {
    const { tf, runs } = await loadBackend('wasm');
    const meter = runs.measureRun();
    tf.tidy(() => void tf.ones([8 * 2 ** 20]));
    const peak = meter.peakBytes;
    expect(peak).toBeGreaterThanOrEqual(32 * 2 ** 20);
    expect(peak).toBeLessThan(80 * 2 ** 20);
    const next = runs.measureRun();
    tf.tidy(() => void tf.ones([2 ** 10]));
    expect(next.peakBytes).toBeLessThan(peak / 2);
  });
});
