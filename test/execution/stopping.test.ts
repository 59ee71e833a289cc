import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Isolation } from '../../src/core/isolation.ts';
import { installedTrainables } from '../../src/trainables/own/installed-trainables.ts';
import { createTestEngine } from '../support/engine.ts';

const trainablesDir = join(import.meta.dirname, 'fixtures/trainables');
const trainables = await installedTrainables(trainablesDir);
const engine = await createTestEngine({ trainables, trainablesDir, slots: 1 });
await engine.start();
const folder = mkdtempSync(join(tmpdir(), 'trialgraph-stopping-'));
afterAll(() => rmSync(folder, { recursive: true }));

// A process of a trial takes a second of a core that may be busy.
vi.setConfig({ testTimeout: 90_000 });
const patient = { timeout: 40_000, interval: 20 };

const { studyLife, trialLife, trialPauses } = engine;
type Ids = { readonly trial: number; readonly study: number };
const ways: [string, Isolation, (ids: Ids) => Promise<unknown>][] = [
  ['its trial is stopped', 'thread', ({ trial }) => trialLife.stop(trial)],
  ['its study is stopped', 'thread', ({ study }) => studyLife.stop(study)],
  ['its study is deleted', 'thread', ({ study }) => studyLife.delete(study)],
  ['its trial is paused', 'thread', ({ trial }) => trialPauses.pause(trial, { restart: true })],
  ['its trial is stopped', 'process', ({ trial }) => trialLife.stop(trial)],
];

describe('only the batch that is under way is still made', () => {
  test.each(ways)('once %s, in a %s', async (way, isolation, act) => {
    const file = join(folder, `${isolation} ${way}`);
    const study = await studyLife.create({
      name: file,
      trainable: 'batches',
      trainableOptions: { file },
      objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
      isolation,
    });
    await studyLife.start(study.id, 1);
    const batches = () => readFileSync(file, 'utf8').trim().split('\n').map(BigInt);
    await expect
      .poll(() => {
        try {
          return batches().length;
        } catch {
          return 0;
        }
      }, patient)
      .toBeGreaterThan(5);
    const [trial] = await engine.trials.all(study.id);
    await act({ trial: trial!.id, study: study.id });
    const acknowledged = process.hrtime.bigint();
    await expect.poll(() => engine.devices.read()[0]!.runningTrials, patient).toBe(0);
    expect(batches().filter((end) => end > acknowledged).length).toBeLessThanOrEqual(1);
  });
});
