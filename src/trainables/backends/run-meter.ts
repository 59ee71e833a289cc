import { AsyncLocalStorage } from 'node:async_hooks';
import type { Tensorflow } from '../trainable.ts';
import { keepTensorsApart, RunTensors } from './run-tensors.ts';

/** One run of a thread, whose memory is measured and freed apart from that of others which are interleaved with it. */
export interface RunMeter {
  /** The most bytes that it has had at once so far. */
  readonly peakBytes: number;
  /** Runs its code: what that allocates, after an await too, is this run's. */
  run<T>(code: () => T): T;
  /** Takes in that it has ended: what it has left behind, and what was kept for it, is freed. */
  end(): void;
}

/** The runs of a thread. */
export interface Runs {
  /** Begins to measure the memory of a run, within batches too. */
  measureRun(): RunMeter;
}

/** What allocators tell of a run. */
export interface RunMemory {
  readonly peakBytes: number;
}

interface Run<M> {
  readonly memory: M;
  readonly tensors: RunTensors;
  isOver: boolean;
}

/** The runs of a thread, of which several may be interleaved: tells allocators and tfjs whose code is running. */
export class InterleavedRuns<M extends RunMemory> implements Runs {
  readonly #storage = new AsyncLocalStorage<Run<M>>();
  readonly #open: () => M;
  readonly #onEnd: () => void;

  /** @param onEnd called when a run has ended */
  constructor(tf: Tensorflow, open: () => M, onEnd: () => void = () => {}) {
    this.#open = open;
    this.#onEnd = onEnd;
    keepTensorsApart(tf, () => {
      const run = this.#storage.getStore();
      return run?.isOver ? null : run?.tensors;
    });
  }

  /** The memory of the run whose code is running; undefined outside of all runs. */
  get current(): M | undefined {
    return this.#storage.getStore()?.memory;
  }

  measureRun(): RunMeter {
    const memory = this.#open();
    const tensors = new RunTensors();
    const meter: RunMeter = {
      get peakBytes() {
        return memory.peakBytes;
      },
      run: (code) => this.#storage.run(run, code),
      end: () => {
        this.#storage.run(run, () => tensors.free());
        run.isOver = true;
        this.#onEnd();
      },
    };
    const run: Run<M> = { memory, tensors, isOver: false };
    return meter;
  }
}
