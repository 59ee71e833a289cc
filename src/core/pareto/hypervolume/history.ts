import { ParetoFront, type Result } from '../front.ts';
import { hypervolumeGain } from '../hypervolume.ts';
import type { Losses } from '../losses.ts';

/**
 * The hypervolume within one reference point while results come one by one. Kept as its steps: a result that adds
 * nothing leaves no trace, so it never falls. A result costs what its own part of the volume costs to compute.
 */
export class HypervolumeHistory<R extends Result = Result> {
  readonly reference: Losses;
  /** The results that raised the hypervolume, and where it stood then. */
  readonly steps: { readonly result: R; readonly hypervolume: number }[] = [];
  readonly #front = new ParetoFront();

  constructor(reference: Losses) {
    this.reference = reference;
  }

  add(result: R): void {
    const others = this.#front.members.map(({ losses }) => losses);
    if (this.#front.add(result) !== 'NEW') return;
    const hypervolume = this.hypervolume + hypervolumeGain(result.losses, others, this.reference);
    if (hypervolume > this.hypervolume) this.steps.push({ result, hypervolume });
  }

  get hypervolume(): number {
    return this.steps.at(-1)?.hypervolume ?? 0;
  }
}
