import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipReader } from '../../execution/archive/zip-reader.ts';

const library = /^nvidia\/[^/]+\/lib\/[^/]+\.so[.\d]*$/;

/** Lays NVIDIA's libraries beside TensorFlow's, where its run path looks for them: deps/nvidia/PART/lib. */
export async function layCudaLibraries(wheels: readonly string[], addon: string): Promise<void> {
  for (const wheel of wheels) {
    const zip = await ZipReader.open(wheel);
    try {
      for (const name of zip.names().filter((name) => library.test(name))) {
        const target = join(addon, 'deps', name);
        await mkdir(dirname(target), { recursive: true });
        await pipeline(await zip.stream(name), createWriteStream(target));
      }
    } finally {
      zip.close();
    }
  }
}
