import type { Params } from '../../src/core/search-space/space.ts';
import type { Instance, Values } from './problem.ts';

/** After how many trials the regret is taken. */
export const checkpoints = [10, 15, 25, 35, 50, 70, 100, 140, 200] as const;
/** Those of them that are compared. */
export const budgets = [25, 50, 100, 200] as const;
/** One regret a checkpoint, of six digits. */
export type AnytimeCurve = readonly number[];

/** A sampler that is asked and told in turn. */
export interface AskAndTell {
  ask(): Promise<Params> | Params;
  tell(values: Values): Promise<void> | void;
}

/** Runs as many trials as the last checkpoint says, one after another. */
export async function anytimeCurve(sampler: AskAndTell, instance: Instance): Promise<AnytimeCurve> {
  const told: Values[] = [];
  const curve: number[] = [];
  for (const checkpoint of checkpoints) {
    while (told.length < checkpoint) {
      const values = instance.evaluate(await sampler.ask());
      told.push(values);
      await sampler.tell(values);
    }
    // Equal results stay equal when they are read back from a file.
    curve.push(Number(instance.regret(told).toPrecision(6)));
  }
  return curve;
}
