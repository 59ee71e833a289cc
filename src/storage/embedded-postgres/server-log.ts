import { chmodSync, closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

const rotateAtBytes = 1 << 20;
/** About what an empty database takes. */
const lowDiskBytes = 64 << 20;

/** The file that receives everything PostgreSQL prints; PostgreSQL writes it itself, so it outlives this process. */
export class ServerLog {
  readonly path: string;
  readonly descriptor: number;
  #start: number;

  /** Opens the log for appending, after moving one that has grown to `<path>.1`. */
  constructor(path: string) {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > rotateAtBytes) renameSync(path, `${path}.1`);
    this.path = path;
    this.descriptor = openSync(path, 'a');
    chmodSync(path, 0o600); // statements in it may hold data
    this.#start = statSync(path).size;
  }

  /** Lets `lastLines` begin here. */
  mark(): void {
    this.#start = statSync(this.path).size;
  }

  /** The last lines printed since the mark, and a word on the disk if it is nearly full. */
  async lastLines(): Promise<string> {
    const printed = readFileSync(this.path).subarray(this.#start).toString('utf8').trim();
    const lines = printed === '' ? ['(PostgreSQL printed nothing)'] : printed.split('\n').slice(-12);
    const { bavail, bsize } = await statfs(dirname(this.path));
    const freeBytes = bavail * bsize;
    if (freeBytes < lowDiskBytes) lines.push(`The disk is full: ${Math.floor(freeBytes / 1e6)} MB are left.`);
    return lines.map((line) => `  ${line}`).join('\n');
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
