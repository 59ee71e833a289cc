import type { Tensorflow } from '../trainable.ts';
import { InterleavedRuns, type RunMemory, type Runs } from './run-meter.ts';

/** Where tfjs takes buffers from, and gives back those that it has done with, to use them again. */
export interface BufferManager<B extends { readonly size: number; readonly usage: number }> {
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): B;
  releaseBuffer(buffer: B, reuse?: boolean): void;
}

/**
 * The buffers of a run, as if it were alone on its device: those that are used again count for as long as it runs, by
 * size and use as many as it had at once, since tfjs keeps them for it. Of runs that are interleaved and use each other's
 * buffers the peaks together are no less than what the device holds: the most that all have at once of a kind is no more
 * than the sum of the most that each has.
 */
class RunBuffers implements RunMemory {
  peakBytes = 0;
  #bytes = 0;
  /** By kind: how many are in use, and how many there would be. */
  readonly #kinds = new Map<string, { used: number; made: number }>();

  acquired(kind: string, size: number): void {
    const entry = this.#kinds.get(kind) ?? { used: 0, made: 0 };
    this.#kinds.set(kind, entry);
    entry.used++;
    if (entry.used <= entry.made) return;
    entry.made = entry.used;
    this.#grow(size);
  }

  released(kind: string): void {
    const entry = this.#kinds.get(kind);
    if (entry !== undefined) entry.used--;
  }

  /** Of one that is not used again. */
  acquiredOnce(size: number): void {
    this.#grow(size);
  }

  releasedOnce(size: number): void {
    this.#bytes -= size;
  }

  #grow(size: number): void {
    this.#bytes += size;
    if (this.#bytes > this.peakBytes) this.peakBytes = this.#bytes;
  }
}

/**
 * Watches which buffers are whose.
 * @param onEnd called when a run has ended
 * @returns `runs` of LoadedBackend
 */
export function watchRunBuffers<B extends { readonly size: number; readonly usage: number }>(
  tf: Tensorflow,
  manager: BufferManager<B>,
  onEnd: () => void,
): Runs {
  const runs = new InterleavedRuns(tf, () => new RunBuffers(), onEnd);
  // Another run's code may be the one that gives a buffer back: tfjs does it when it sends commands to the GPU.
  const owners = new WeakMap<B, RunBuffers>();
  const acquire = manager.acquireBuffer.bind(manager);
  const release = manager.releaseBuffer.bind(manager);
  manager.acquireBuffer = (size, usage, mappedAtCreation, reuse = true) => {
    const buffer = acquire(size, usage, mappedAtCreation, reuse);
    const run = runs.current;
    if (run === undefined) return buffer;
    if (reuse) run.acquired(`${size} ${usage}`, size);
    else run.acquiredOnce(size);
    owners.set(buffer, run);
    return buffer;
  };
  manager.releaseBuffer = (buffer, reuse = true) => {
    release(buffer, reuse);
    const run = owners.get(buffer);
    if (run === undefined) return;
    owners.delete(buffer);
    if (reuse) run.released(`${buffer.size} ${buffer.usage}`);
    else run.releasedOnce(buffer.size);
  };
  return runs;
}
