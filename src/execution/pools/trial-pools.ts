import type { RunOrder } from './host-messages.ts';
import type { Run, RunListener, TrialPool } from './trial-pool.ts';

/** Where a trial runs: in a thread or a process of this program's, or as a program that the operator has declared. */
export type RunKind = 'thread' | 'process' | 'command';

/** The pools of this process, by where a trial's code runs. */
export class TrialPools {
  readonly #pools: Readonly<Record<RunKind, TrialPool>>;

  constructor(pools: Readonly<Record<RunKind, TrialPool>>) {
    this.#pools = pools;
  }

  run(kind: RunKind, order: RunOrder, listener: RunListener): Run {
    return this.#pools[kind].run(order, listener);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.close()));
  }
}
