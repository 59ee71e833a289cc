import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { BlobMissing, type BlobStore, type ByteRange, type StagedFile } from './blob-store.ts';
import { asStorageError } from './staging-area.ts';

/** Blobs as files of one directory, each in a folder of the first two digits of its digest. */
export class DiskBlobStore implements BlobStore {
  readonly description: string;
  readonly #directory: string;

  /** @param directory on the file system of the staged files, so that they can be moved in one step */
  constructor(directory: string) {
    this.#directory = directory;
    this.description = `the directory ${directory}`;
  }

  async put({ path, sha256 }: StagedFile): Promise<void> {
    const target = this.#pathOf(sha256);
    const folder = dirname(target);
    try {
      const made = await mkdir(folder, { recursive: true });
      await rename(path, target);
      await syncDirectory(folder);
      if (made !== undefined) await syncDirectory(dirname(folder));
    } catch (error) {
      throw asStorageError(error);
    }
  }

  async open(sha256: string, range?: ByteRange): Promise<Readable> {
    try {
      const file = await open(this.#pathOf(sha256), 'r');
      return file.createReadStream(range);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BlobMissing(sha256, this.description);
      throw error;
    }
  }

  async delete(sha256: string): Promise<void> {
    await rm(this.#pathOf(sha256), { force: true });
  }

  #pathOf(sha256: string): string {
    return join(this.#directory, sha256.slice(0, 2), sha256);
  }
}

/** A rename is safe once its directory is. */
async function syncDirectory(path: string): Promise<void> {
  // Windows opens no directories, and keeps renames without being asked.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
