import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

const mebibytes = 48;

/** A directory on a small disk of its own where this process may mount one, so that it can be filled. */
export class SmallDisk {
  readonly directory: string;
  readonly isMounted: boolean;

  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true });
    const options = ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', directory];
    this.isMounted = process.platform === 'linux' && spawnSync('mount', options).status === 0;
  }

  /** Leaves no byte free. */
  async fill(): Promise<void> {
    const file = await open(this.#filler, 'w');
    try {
      for (const block of [2 ** 20, 2 ** 12]) {
        const bytes = Buffer.alloc(block, 1);
        for (let isFull = false; !isFull; ) {
          isFull = await file.write(bytes).then(
            ({ bytesWritten }) => bytesWritten < block,
            () => true,
          );
        }
      }
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(this.#filler, { force: true });
  }

  /** Puts a file where the server wants a directory for incoming files: all of them are refused. */
  block(): void {
    rmSync(this.#incoming, { recursive: true, force: true });
    writeFileSync(this.#incoming, '');
  }

  unblock(): void {
    rmSync(this.#incoming, { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    if (this.isMounted) spawnSync('umount', ['--lazy', this.directory]);
  }

  get #filler(): string {
    return join(this.directory, 'filler');
  }

  get #incoming(): string {
    return join(this.directory, 'incoming');
  }
}
