import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { CallerError } from '../../core/errors.ts';
import type { StagedFile } from './blob-store.ts';

/** Where contents wait on disk until all of them has come and their digest is known. */
export class StagingArea {
  readonly #directory: string;

  /** @param directory this process's alone */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Removes what an earlier process has left. */
  async clear(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  /**
   * Writes a content to a file that survives a power cut, hands it to `use` and removes it. The source is read but not
   * closed, so that its sender can still be answered.
   * @throws CallerError TOO_LARGE, INSUFFICIENT_STORAGE
   */
  async with<T>(content: Readable, maxBytes: number, use: (file: StagedFile) => Promise<T>): Promise<T> {
    const path = join(this.#directory, randomUUID());
    try {
      await mkdir(this.#directory, { recursive: true });
      return await use(await write(content, path, maxBytes));
    } catch (error) {
      throw asStorageError(error);
    } finally {
      await rm(path, { force: true });
    }
  }
}

async function write(content: Readable, path: string, maxBytes: number): Promise<StagedFile> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx');
  try {
    for await (const chunk of content.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw fileTooLarge(maxBytes);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { path, size, sha256: hash.digest('hex') };
}

export function fileTooLarge(maxBytes: number): CallerError {
  const advice = "Split it, or ask the server's operator to raise artifacts.maxBytes.";
  return new CallerError('TOO_LARGE', `The file has more than ${maxBytes} bytes. ${advice}`, {
    limit: 'artifacts.maxBytes',
    allowed: maxBytes,
  });
}

/** A full disk is nobody's fault, but the caller must know of it. */
export function asStorageError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new CallerError(
    'INSUFFICIENT_STORAGE',
    "The server's disk is full, so nothing of this file was kept. Free some room there and send it again.",
  );
}
