import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { BlobMissing, type BlobStore, type StagedFile } from '../../src/storage/artifacts/blob-store.ts';
import { DiskBlobStore } from '../../src/storage/artifacts/disk-blob-store.ts';
import { S3BlobStore } from '../../src/storage/artifacts/s3-blob-store.ts';
import { startS3Server } from '../support/s3-server.ts';

const directory = await mkdtemp(join(tmpdir(), 'trialgraph-blobs-'));
const s3 = await startS3Server();
afterAll(async () => {
  await s3?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const implementations: { name: string; open: (() => Promise<BlobStore>) | null }[] = [
  { name: 'DiskBlobStore', open: async () => new DiskBlobStore(join(directory, 'disk')) },
  { name: 'S3BlobStore', open: s3 && (() => S3BlobStore.connect(s3.url)) },
];

let staged = 0;
async function stage(content: Buffer): Promise<StagedFile> {
  const path = join(directory, `staged-${++staged}`);
  await writeFile(path, content);
  return { path, size: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

describe.each(implementations)('$name', async ({ open }) => {
  if (open === null) {
    test.skip('needs an S3 server: pip install "moto[server]", or TRIALGRAPH_TEST_S3_ENDPOINT', () => {});
    return;
  }
  const store = await open();
  const read = async (sha256: string, range?: { start: number; end: number }) =>
    buffer(await store.open(sha256, range));

  test.each([0, 1, 65_537, 3_000_000])('returns the %i bytes that it was given', async (size) => {
    const content = Buffer.alloc(size, 'trial');
    const file = await stage(content);
    await store.put(file);
    expect((await read(file.sha256)).equals(content)).toBe(true);
  });

  test('returns any part of a content', async () => {
    const content = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));
    const file = await stage(content);
    await store.put(file);
    const ends = fc
      .tuple(fc.nat(999), fc.nat(999))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    await fc.assert(
      fc.asyncProperty(ends, async ([start, end]) => {
        expect(await read(file.sha256, { start, end })).toEqual(content.subarray(start, end + 1));
      }),
      { numRuns: 30 },
    );
  });

  test('keeps a content that it is given twice, and at once', async () => {
    const content = Buffer.from('the same');
    await Promise.all(Array.from({ length: 4 }, async () => store.put(await stage(content))));
    expect(await read((await stage(content)).sha256)).toEqual(content);
  });

  test('says what is missing, and deletes what is missing without a word', async () => {
    const file = await stage(Buffer.from('short-lived'));
    await expect(store.open(file.sha256)).rejects.toThrow(BlobMissing);
    await store.delete(file.sha256);
    await store.put(file);
    await store.delete(file.sha256);
    await expect(store.open(file.sha256)).rejects.toThrow(file.sha256);
  });

  test('is there again when it is opened anew', async () => {
    const file = await stage(Buffer.from('lasting'));
    await store.put(file);
    const again = await open();
    expect((await buffer(await again.open(file.sha256))).toString()).toBe('lasting');
  });
});

test('the disk holds nothing but the contents, each in the folder of its first digits', async () => {
  const root = join(directory, 'tidy');
  const store = new DiskBlobStore(root);
  const file = await stage(Buffer.from('alone'));
  await store.put(file);
  expect(await readdir(root, { recursive: true })).toEqual([
    file.sha256.slice(0, 2),
    join(file.sha256.slice(0, 2), file.sha256),
  ]);
});

test('a bucket that cannot be used is named, with what to check', async ({ skip }) => {
  skip(s3 === null, 'needs an S3 server');
  const url = s3!.url.replace('//trialgraph-test', '//other-bucket');
  await expect(S3BlobStore.connect(url)).rejects.toThrow(
    /the bucket other-bucket.*cannot be used.*credentials/,
  );
});
