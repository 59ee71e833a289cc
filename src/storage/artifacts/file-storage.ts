import { join } from 'node:path';
import type { BlobStore } from './blob-store.ts';
import { DiskBlobStore } from './disk-blob-store.ts';
import { S3BlobStore } from './s3-blob-store.ts';
import { StagingArea } from './staging-area.ts';

/** What keeps the contents of artifacts, and where those wait that are on their way there. */
export interface FileStorage {
  readonly blobs: BlobStore;
  readonly staging: StagingArea;
  /** The largest file that is taken. */
  readonly maxBytes: number;
}

export interface FileStorageOptions {
  /** A bucket (`s3://...`); null: the directory itself. */
  readonly url: string | null;
  readonly directory: string;
  readonly maxBytes: number;
}

/** @throws OperatorError when a bucket cannot be used */
export async function openFileStorage({
  url,
  directory,
  maxBytes,
}: FileStorageOptions): Promise<FileStorage> {
  const staging = new StagingArea(join(directory, 'incoming'));
  await staging.clear();
  const blobs = url === null ? new DiskBlobStore(directory) : await S3BlobStore.connect(url);
  return { blobs, staging, maxBytes };
}
