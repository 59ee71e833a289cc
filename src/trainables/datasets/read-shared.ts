import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Reads a file, unpacked where its name ends with .gz, into memory that threads share. */
export async function readShared(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = sharedBytes(size);
    for (let filled = 0; filled < size; ) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
      if (bytesRead === 0) throw new Error(`${path} ended while it was read`);
      filled += bytesRead;
    }
    return path.endsWith('.gz') ? await unpack(bytes, path) : bytes;
  } finally {
    await file.close();
  }
}

async function unpack(packed: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    const content = await promisify(gunzip)(packed);
    const bytes = sharedBytes(content.length);
    bytes.set(content);
    return bytes;
  } catch (error) {
    throw new Error(`${path}: it cannot be unpacked: ${(error as Error).message}`, { cause: error });
  }
}

function sharedBytes(size: number): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(new SharedArrayBuffer(size));
}
