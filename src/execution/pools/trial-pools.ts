import type { Isolation } from '../../core/isolation.ts';
import type { RunOrder } from './host-messages.ts';
import type { Run, RunListener, TrialPool } from './trial-pool.ts';

/** The pools of this process, and the slots that their trials share. */
export class TrialPools {
  readonly #pools: Readonly<Record<Isolation, TrialPool>>;
  readonly #slots: number;
  #running = 0;
  #closed = false;

  /** @param slots how many trials may run at once, wherever they run */
  constructor(pools: Readonly<Record<Isolation, TrialPool>>, slots: number) {
    this.#pools = pools;
    this.#slots = slots;
  }

  get running(): number {
    return this.#running;
  }

  get freeSlots(): number {
    return this.#closed ? 0 : this.#slots - this.#running;
  }

  /** Starts a trial; the caller has seen a free slot. */
  run(isolation: Isolation, order: RunOrder, listener: RunListener): Run {
    this.#running++;
    const run = this.#pools[isolation].run(order, listener);
    const outcome = run.outcome.finally(() => {
      this.#running--;
    });
    return {
      outcome,
      get peakBytes() {
        return run.peakBytes;
      },
      stop: () => run.stop(),
      pause: () => run.pause(),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Object.values(this.#pools).map((pool) => pool.close()));
  }
}
