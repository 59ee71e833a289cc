import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { StagingArea } from '../../../src/storage/artifacts/staging-area.ts';

const root = await mkdtemp(join(tmpdir(), 'trialgraph-staging-'));
afterAll(() => rm(root, { recursive: true }));

const chunks = (count: number): Readable =>
  Readable.from(Array.from({ length: count }, () => Buffer.alloc(64 * 1024, 'x')));

test('a content is there as a whole file with its digest, and gone afterwards', async () => {
  const directory = join(root, 'whole');
  const area = new StagingArea(directory);
  const seen = await area.with(Readable.from([Buffer.from('ab'), Buffer.from('c')]), 3, async (file) => {
    expect(await readFile(file.path, 'utf8')).toBe('abc');
    return file;
  });
  expect(seen).toMatchObject({ size: 3, sha256: createHash('sha256').update('abc').digest('hex') });
  expect(await readdir(directory)).toEqual([]);
});

test('a content beyond the limit is refused and leaves nothing, and its sender can still be answered', async () => {
  const directory = join(root, 'large');
  const content = chunks(4);
  const staging = new StagingArea(directory).with(content, 100_000, async () => {});
  await expect(staging).rejects.toMatchObject({ code: 'TOO_LARGE', details: { allowed: 100_000 } });
  expect(content.destroyed).toBe(false);
  expect(await readdir(directory)).toEqual([]);
});

test('a content whose sender goes away leaves nothing', async () => {
  const directory = join(root, 'cut');
  const content = new Readable({ read() {} });
  content.push(Buffer.from('half'));
  const staging = new StagingArea(directory).with(content, 100, async () => {});
  setTimeout(() => content.destroy(new Error('aborted')), 20);
  await expect(staging).rejects.toThrow('aborted');
  expect(await readdir(directory)).toEqual([]);
});

test('a full disk is told to the sender and leaves nothing', async ({ skip }) => {
  const directory = join(root, 'full');
  await mkdir(directory);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]).status === 0;
  skip(!mounted, 'needs root and the right to mount');
  try {
    const area = new StagingArea(directory);
    const staging = area.with(chunks(64), 2 ** 30, async () => {});
    await expect(staging).rejects.toMatchObject({
      code: 'INSUFFICIENT_STORAGE',
      message: expect.stringMatching(/disk is full.*send it again/),
    });
    expect(await readdir(directory)).toEqual([]);
    await area.with(chunks(4), 2 ** 30, async () => {});
  } finally {
    execFileSync('umount', [directory]);
  }
});

test('what a killed process has left is cleared', async () => {
  const directory = join(root, 'left');
  const area = new StagingArea(directory);
  await area.with(chunks(1), 2 ** 30, async () => {
    await area.clear();
    expect(await readdir(root)).not.toContain('left');
  });
});
