import { Store } from '../../live/store.ts';
import type { CurveSet, CurveSource, ShownCurve } from './curve-set.ts';

/** The curves that one metric has in several studies, as one. The sets stay their owner's to close. */
export class JoinedCurves implements CurveSource {
  readonly version = new Store(0);
  readonly metric: string;
  readonly #sets: readonly CurveSet[];
  readonly #stops: readonly (() => void)[];

  constructor(metric: string, sets: readonly CurveSet[]) {
    this.metric = metric;
    this.#sets = sets;
    this.#stops = sets.map((set) => set.version.subscribe(() => this.version.set(this.version.get() + 1)));
  }

  curves(): readonly ShownCurve[] {
    return this.#sets.flatMap((set) => set.curves());
  }

  async refine(from: number, to: number): Promise<void> {
    await Promise.all(this.#sets.map((set) => set.refine(from, to)));
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }
}
