import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { Isolation } from '../../src/core/isolation.ts';
import { DiskBlobStore } from '../../src/storage/artifacts/disk-blob-store.ts';
import { StagingArea } from '../../src/storage/artifacts/staging-area.ts';
import { installedTrainables } from '../../src/trainables/own/installed-trainables.ts';
import { createTestEngine } from '../support/engine.ts';

const trainablesDir = join(import.meta.dirname, 'fixtures/trainables');
const trainables = await installedTrainables(trainablesDir);
const folder = mkdtempSync(join(tmpdir(), 'trialgraph-stopping-'));
afterAll(() => rmSync(folder, { recursive: true }));

// A process of a trial takes a second of a core that may be busy.
vi.setConfig({ testTimeout: 90_000 });
const patient = { timeout: 40_000, interval: 20 };

/** A disk that answers when it may. */
class HeldDisk extends DiskBlobStore {
  gate: Promise<void> = Promise.resolve();

  override async open(...request: Parameters<DiskBlobStore['open']>) {
    await this.gate;
    return super.open(...request);
  }
}
const disk = new HeldDisk(join(folder, 'files'));
const staging = new StagingArea(join(folder, 'files/incoming'));
const engine = await createTestEngine({
  trainables,
  trainablesDir,
  slots: 1,
  files: { blobs: disk, staging, maxBytes: 2 ** 20 },
});
await engine.start();
const { studyLife, trialLife, trialPauses } = engine;

type Ids = { readonly trial: number; readonly study: number };
const ways: [string, Isolation, (ids: Ids) => Promise<unknown>][] = [
  ['its trial is stopped', 'thread', ({ trial }) => trialLife.stop(trial)],
  ['its study is stopped', 'thread', ({ study }) => studyLife.stop(study)],
  ['its study is deleted', 'thread', ({ study }) => studyLife.delete(study)],
  ['its trial is paused', 'thread', ({ trial }) => trialPauses.pause(trial, { restart: true })],
  ['its trial is stopped', 'process', ({ trial }) => trialLife.stop(trial)],
];

test.each(ways)(
  'only the batch that is under way is still made once %s, in a %s',
  async (way, isolation, act) => {
    const { ids, batches } = await begin(`${isolation} ${way}`, { isolation });
    await act(ids);
    const acknowledged = process.hrtime.bigint();
    await idle();
    expect(batches().filter((end) => end > acknowledged).length).toBeLessThanOrEqual(1);
  },
);

test('a trial that is stopped while its checkpoint is being read makes no batch at all', async () => {
  const { ids, batches } = await begin('stopped before', { checkpoints: true });
  await trialPauses.pause(ids.trial, { restart: false });
  await idle();
  const before = batches().length;
  let open = () => {};
  disk.gate = new Promise((resolve) => {
    open = resolve;
  });
  await trialPauses.resume(ids.trial);
  // It has ended meanwhile, as nothing was left to do.
  await studyLife.start(ids.study, 1);
  await expect
    .poll(() => engine.trials.get(ids.trial), patient)
    .toMatchObject({ state: 'RUNNING', attempt: 2 });
  await trialLife.stop(ids.trial);
  open();
  await idle();
  expect(batches().length).toBe(before);
});

/** A study with a trial that has made some batches. */
async function begin(
  name: string,
  { isolation = 'thread', checkpoints = false }: { isolation?: Isolation; checkpoints?: boolean },
) {
  const file = join(folder, name);
  const study = await studyLife.create({
    name,
    trainable: 'batches',
    trainableOptions: { file, checkpoints },
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    isolation,
  });
  writeFileSync(file, '');
  const batches = () => readFileSync(file, 'utf8').split('\n').slice(0, -1).map(BigInt);
  await studyLife.start(study.id, 1);
  await expect.poll(() => batches().length, patient).toBeGreaterThan(5);
  const [trial] = await engine.trials.all(study.id);
  return { ids: { trial: trial!.id, study: study.id }, batches };
}

async function idle(): Promise<void> {
  await expect.poll(() => engine.devices.read()[0]!.runningTrials, patient).toBe(0);
}
