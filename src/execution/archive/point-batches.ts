import type { NamedPoints } from '../../storage/metric-store.ts';

/** Stores points of the trial with this number. */
type Store = (trial: number, series: readonly NamedPoints[]) => Promise<void>;

const maxPoints = 20_000;
/** Batches of different trials that are stored together. */
const maxUnderWay = 8;

interface Columns {
  readonly steps: number[];
  readonly values: number[];
  readonly times: number[];
}

/** Joins single points, which come by trial, to batches, and keeps a few of them under way. */
export class PointBatches {
  readonly #store: Store;
  readonly #series = new Map<string, Columns>();
  #trial = -1;
  #points = 0;
  #underWay: Promise<void>[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  async add(trial: number, name: string, step: number, value: number, time: number): Promise<void> {
    if (trial !== this.#trial || this.#points >= maxPoints) {
      // Those of one trial in their order: for one step the last one counts.
      const isSameTrial = trial === this.#trial;
      await this.#send();
      if (isSameTrial) await this.#settle();
      this.#trial = trial;
    }
    let columns = this.#series.get(name);
    if (columns === undefined) {
      columns = { steps: [], values: [], times: [] };
      this.#series.set(name, columns);
    }
    columns.steps.push(step);
    columns.values.push(value);
    columns.times.push(time);
    this.#points += 1;
  }

  /** Resolves when all points are stored. */
  async flush(): Promise<void> {
    await this.#send();
    await this.#settle();
  }

  async #send(): Promise<void> {
    if (this.#points === 0) return;
    const series = [...this.#series].map(([name, { steps, values, times }]) => ({
      name,
      steps: Int32Array.from(steps),
      values: Float64Array.from(values),
      times: Float64Array.from(times),
    }));
    this.#series.clear();
    this.#points = 0;
    const storing = this.#store(this.#trial, series);
    // It is awaited later.
    storing.catch(() => {});
    this.#underWay.push(storing);
    if (this.#underWay.length >= maxUnderWay) await this.#settle();
  }

  async #settle(): Promise<void> {
    await Promise.all(this.#underWay);
    this.#underWay = [];
  }
}
