import { AsyncLocalStorage } from 'node:async_hooks';

/** Measures the memory of one run of a thread, apart from that of others which are interleaved with it. */
export interface RunMeter {
  /** The most bytes that it has had at once so far. */
  readonly peakBytes: number;
  /** Runs its code: what that allocates, after an await too, is this run's. */
  run<T>(code: () => T): T;
  /** Takes in that it has ended: what was kept for it is freed. */
  end(): void;
}

/** What allocators tell of a run. */
export interface RunMemory {
  readonly peakBytes: number;
}

/** The memory of runs of which several may be interleaved: tells allocators whose code is running. */
export class InterleavedRuns<M extends RunMemory> {
  readonly #storage = new AsyncLocalStorage<M>();
  readonly #open: () => M;
  readonly #onEnd: () => void;

  /** @param onEnd called when a run has ended */
  constructor(open: () => M, onEnd: () => void = () => {}) {
    this.#open = open;
    this.#onEnd = onEnd;
  }

  /** The memory of the run whose code is running; undefined outside of all runs. */
  get current(): M | undefined {
    return this.#storage.getStore();
  }

  measureRun(): RunMeter {
    const memory = this.#open();
    return {
      get peakBytes() {
        return memory.peakBytes;
      },
      run: (code) => this.#storage.run(memory, code),
      end: this.#onEnd,
    };
  }
}
