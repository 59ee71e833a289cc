import type { Isolation } from '../../core/isolation.ts';
import type { RunOrder } from './host-messages.ts';
import type { Run, RunListener, TrialPool } from './trial-pool.ts';

/** The pools of this process, by where a trial's code runs. */
export class TrialPools {
  readonly #pools: Readonly<Record<Isolation, TrialPool>>;

  constructor(pools: Readonly<Record<Isolation, TrialPool>>) {
    this.#pools = pools;
  }

  run(isolation: Isolation, order: RunOrder, listener: RunListener): Run {
    return this.#pools[isolation].run(order, listener);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.close()));
  }
}
