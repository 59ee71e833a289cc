import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { devicesOf } from '../../src/execution/devices/find-devices.ts';
import type { Engine } from '../../src/execution/engine.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import { probeBackends } from '../../src/trainables/backends/probe-backends.ts';
import { installedTrainables } from '../../src/trainables/own/installed-trainables.ts';
import { createTestEngine } from '../support/engine.ts';

vi.setConfig({ testTimeout: 60_000 });

const mebibyte = 2 ** 20;
const patient = { timeout: 50_000, interval: 20 };
const trainablesDir = fileURLToPath(new URL('./fixtures/trainables', import.meta.url));
const [webgpu] = await probeBackends({ backends: ['webgpu'], allowSoftwareGpu: true });
if (!webgpu!.works) console.log(`Not tested on WebGPU: ${webgpu!.reason}`);

const folder = mkdtempSync(join(tmpdir(), 'trialgraph-webgpu-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An engine on WebGPU whose device has so much memory. */
async function engineWith(bytes: number): Promise<Engine> {
  if (!webgpu!.works) throw new Error('WebGPU does not work here');
  const engine = await createTestEngine({
    devices: devicesOf(webgpu!, [], 2 ** 33, bytes),
    backendOptions: { allowSoftwareGpu: true, maxGpuBytes: bytes },
    trainables: await installedTrainables(trainablesDir),
    trainablesDir,
    memoryShare: 1,
  });
  await engine.start();
  return engine;
}

let studies = 0;
async function run(engine: Engine, sizes: readonly number[], options = {}) {
  const { id } = await engine.studyLife.create({
    name: `study ${++studies}`,
    trainable: 'gpu-work',
    trainableOptions: options,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    sampler: { kind: 'random', seed: 1 },
  });
  await engine.trialLife.enqueue(
    id,
    sizes.map((mebibytes) => ({ mebibytes })),
  );
  await engine.studyLife.start(id, sizes.length);
  await expect.poll(() => engine.studies.get(id), patient).toMatchObject({ state: 'FINISHED' });
  return { id, trials: await engine.trials.all(id) };
}

describe.skipIf(!webgpu!.works)('trials on WebGPU', () => {
  test('start again when their device is lost, on the one that replaces it, and lose nothing else', async () => {
    const engine = await engineWith(256 * mebibyte);
    const faults: (string | null)[] = [];
    engine.bus.subscribe('devicesChanged', () => {
      faults.push(engine.devices.read().find(({ backend }) => backend === 'webgpu')!.fault);
    });
    const { id, trials } = await run(engine, [1, 2, 3], { loseOnce: join(folder, 'lost') });
    expect(trials.map(({ state }) => state)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect(Math.max(...trials.map(({ attempt }) => attempt))).toBe(2);
    const events = await readEvents(engine.database.pool, id, 0, 1000);
    const lost = events.filter(({ kind }) => kind === 'TRIAL_REQUEUED');
    expect(lost.length).toBeGreaterThan(0);
    for (const { trial } of lost) expect(trial!.error).toMatch(/The GPU was lost \(destroyed\)/);
    expect(faults).toContainEqual(expect.stringContaining('The GPU was lost'));
    expect(faults.at(-1)).toBeNull();

    const next = await run(engine, [1]);
    expect(next.trials).toMatchObject([{ state: 'COMPLETED', attempt: 1 }]);
  });

  test('wait with the reason while their device does not start again, and go on when it does', async () => {
    const engine = await engineWith(256 * mebibyte);
    await run(engine, [1]);
    const fault = () => engine.devices.read().find(({ backend }) => backend === 'webgpu')!.fault;
    const driver = process.env.VK_DRIVER_FILES;
    process.env.VK_DRIVER_FILES = '/nowhere';
    const running = run(engine, [1, 2], { loseOnce: join(folder, 'lost for longer') });
    try {
      await expect.poll(fault, patient).toContain('The GPU was lost');
      // The first thread in its place comes after a second, and finds no driver.
      await new Promise((resolve) => setTimeout(resolve, 2500));
      expect(fault()).toContain('The GPU was lost');
      expect(engine.readQueue()).toContainEqual(
        expect.objectContaining({ reason: expect.stringMatching(/cannot be used now\. The GPU was lost/) }),
      );
    } finally {
      if (driver === undefined) delete process.env.VK_DRIVER_FILES;
      else process.env.VK_DRIVER_FILES = driver;
    }
    expect((await running).trials.map(({ state }) => state)).toEqual(['COMPLETED', 'COMPLETED']);
    expect(fault()).toBeNull();
  });

  test('that need more than there is are infeasible, and the others go on', async () => {
    const engine = await engineWith(40 * mebibyte);
    const { trials } = await run(engine, [2, 64, 2, 3]);
    expect(trials.map(({ state }) => state)).toEqual(['COMPLETED', 'INFEASIBLE', 'COMPLETED', 'COMPLETED']);
    expect(trials[1]).toMatchObject({ error: expect.stringContaining('Out of memory'), feasible: false });
  });

  test('have peaks of their own, also where they are interleaved', async () => {
    const engine = await engineWith(256 * mebibyte);
    const alone = await run(engine, [16]);
    const { trials } = await run(engine, [1, 16, 4, 8]);
    const peaks = trials.map(({ peakBytes }) => peakBytes!);
    expect(peaks[1]).toBe(alone.trials[0]!.peakBytes);
    for (const [i, mebibytes] of [1, 16, 4, 8].entries()) {
      expect(peaks[i]).toBeGreaterThanOrEqual(mebibytes * mebibyte);
      expect(peaks[i]).toBeLessThan((mebibytes + 1) * mebibyte);
    }
  });
});
