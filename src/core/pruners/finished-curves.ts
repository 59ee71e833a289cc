import { lastStep, valueBy } from '../curve.ts';
import type { Curve, TrialState, TrialView } from '../trial.ts';
import { type PrunedMetric, toLoss } from './pruned-metric.ts';
import { SortedLosses } from './sorted-losses.ts';
import type { TrialIndex } from './study-index.ts';

/** Entries kept for all steps together: 32 MB. Steps beyond are counted again when they are asked for. */
const maxEntries = 4_000_000;

interface Entry {
  readonly state: TrialState;
  readonly curve: Curve | undefined;
}

/**
 * What finished trials (COMPLETED or PRUNED) had reached at each step that was asked for. A trial that ends is added to
 * the steps it came to, in O(log n) each; a step that is asked for first costs O(n log n).
 */
export class FinishedCurves implements TrialIndex {
  readonly #compared: PrunedMetric;
  readonly #trials = new Map<number, Entry>();
  /** The step asked for longest ago first. */
  readonly #steps = new Map<number, SortedLosses>();
  #entries = 0;
  #completed = 0;

  constructor(compared: PrunedMetric) {
    this.#compared = compared;
  }

  /** How many trials have COMPLETED. */
  get completed(): number {
    return this.#completed;
  }

  update({ number, state, paused, curves }: TrialView, curvesChanged: boolean): void {
    const known = this.#trials.get(number);
    const isFinished = !paused && (state === 'COMPLETED' || state === 'PRUNED');
    if (known !== undefined) {
      if (isFinished && known.state === state && !curvesChanged) return;
      // It is rare that a finished trial changes; its old values may be gone.
      this.#steps.clear();
      this.#entries = 0;
      if (known.state === 'COMPLETED') this.#completed--;
      this.#trials.delete(number);
    }
    if (!isFinished) return;
    const entry = { state, curve: curves.get(this.#compared.metric) };
    this.#trials.set(number, entry);
    if (state === 'COMPLETED') this.#completed++;
    for (const [step, losses] of this.#steps) {
      const loss = this.#lossBy(entry, step);
      if (loss === undefined) continue;
      losses.add(loss);
      this.#entries++;
    }
  }

  /** The losses by a step of the trials that came as far. */
  at(step: number): SortedLosses {
    let losses = this.#steps.get(step);
    if (losses === undefined) {
      losses = this.#collect(step);
      this.#entries += losses.size;
    } else {
      this.#steps.delete(step);
    }
    this.#steps.set(step, losses);
    for (const [oldest, { size }] of this.#steps) {
      if (this.#entries <= maxEntries || oldest === step) break;
      this.#steps.delete(oldest);
      this.#entries -= size;
    }
    return losses;
  }

  #collect(step: number): SortedLosses {
    const losses: number[] = [];
    for (const entry of this.#trials.values()) {
      const loss = this.#lossBy(entry, step);
      if (loss !== undefined) losses.push(loss);
    }
    return new SortedLosses(losses);
  }

  #lossBy({ curve }: Entry, step: number): number | undefined {
    const last = lastStep(curve);
    if (last === undefined || last < step) return undefined;
    return toLoss(this.#compared.direction, valueBy(curve!, step));
  }
}
