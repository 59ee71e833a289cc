import type { AnytimeCurve } from './anytime.ts';

/** The curves of all studies, by problem, sampler and seed. */
export class QualityResults {
  readonly #curves = new Map<string, Map<string, Map<number, AnytimeCurve>>>();

  add(problem: string, sampler: string, seed: number, curve: AnytimeCurve): void {
    const samplers = this.#curves.get(problem) ?? new Map<string, Map<number, AnytimeCurve>>();
    const seeds = samplers.get(sampler) ?? new Map<number, AnytimeCurve>();
    this.#curves.set(problem, samplers.set(sampler, seeds.set(seed, curve)));
  }

  /** The curves of a sampler on a problem by seed; empty where it did not run there. */
  curves(problem: string, sampler: string): ReadonlyMap<number, AnytimeCurve> {
    return this.#curves.get(problem)?.get(sampler) ?? new Map();
  }

  /** The mean regret at a checkpoint over problems and seeds: every problem counts the same. NaN without curves. */
  mean(problems: readonly string[], sampler: string, checkpoint: number): number {
    return meanOf(
      problems.map((problem) =>
        meanOf([...this.curves(problem, sampler).values()].map((curve) => curve[checkpoint]!)),
      ),
    );
  }

  /** Regret of the one minus regret of the other at a checkpoint, for every problem and seed that both ran. */
  differences(problems: readonly string[], sampler: string, other: string, checkpoint: number): number[] {
    return problems.flatMap((problem) => {
      const others = this.curves(problem, other);
      return [...this.curves(problem, sampler)]
        .filter(([seed]) => others.has(seed))
        .map(([seed, curve]) => curve[checkpoint]! - others.get(seed)![checkpoint]!);
    });
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
