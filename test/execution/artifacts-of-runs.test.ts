import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { installedTrainables } from '../../src/trainables/own/installed-trainables.ts';
import { createTestEngine } from '../support/engine.ts';

const trainablesDir = fileURLToPath(new URL('./fixtures/trainables', import.meta.url));
const engine = await createTestEngine({
  slots: 1,
  trainablesDir,
  trainables: await installedTrainables(trainablesDir),
});
await engine.start();
const folder = mkdtempSync(join(tmpdir(), 'trialgraph-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a trial stores files by name, and is told why one cannot be stored', async () => {
  // Nobody writes to it.
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const { id } = await engine.studyLife.create({
    name: 'files',
    trainable: 'file-writer',
    trainableOptions: { pipe },
    objectives: [{ metric: 'refused', direction: 'MINIMIZE' }],
    stopRules: { maxTrials: 1 },
  });
  await engine.studyLife.start(id, null);
  await expect.poll(() => engine.studies.get(id), { timeout: 15_000 }).toMatchObject({ state: 'FINISHED' });
  const [trial] = await engine.trials.all(id);
  expect(trial).toMatchObject({ state: 'COMPLETED', error: null, values: { refused: 6 } });

  const files = (await engine.artifacts.store.list([trial!.id])).get(trial!.id)!;
  expect(files.map(({ name, contentType }) => [name, contentType])).toEqual([
    ['last.svg', 'image/svg+xml'],
    ['notes.txt', 'text/plain; charset=utf-8'],
    ['own.ts', 'text/typescript'],
    ['parts/middle.bin', 'application/octet-stream'],
  ]);
  const contents = await Promise.all(files.map(async (file) => buffer(await engine.artifacts.open(file))));
  expect(contents[1]!.toString()).toBe('second');
  expect(contents[2]).toEqual(await readFile(`${trainablesDir}/file-writer.ts`));
  expect([...contents[3]!]).toEqual([2, 3]);

  const log = await engine.trialLog.store.read(trial!.id, 0, 100);
  expect(log.map((line) => line.text)).toEqual([
    'The artifact "large.bin" could not be stored: The file has more than 1048576 bytes. ' +
      "Split it, or ask the server's operator to raise artifacts.maxBytes.",
    expect.stringMatching(/^artifact "\.\.\/above\.txt": must be a relative path/),
    'artifact "checkpoint": is where the trial keeps its checkpoints; choose another name.',
    'The artifact "gone.txt" could not be stored: ENOENT: no such file or directory, open \'/nowhere/gone.txt\'',
    'The artifact "folder" could not be stored: / is a folder, a pipe or a device, and no file',
    `The artifact "pipe" could not be stored: ${pipe} is a folder, a pipe or a device, and no file`,
  ]);
});
