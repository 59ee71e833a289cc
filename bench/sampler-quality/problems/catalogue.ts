import type { QualityProblem } from '../problem.ts';
import { bbobProblems } from './bbob.ts';
import { bbobMixintProblems } from './bbob-mixint.ts';
import { conditionalProblems } from './conditional.ts';
import { multiObjectiveProblems } from './multi-objective.ts';
import { readTables } from './tables.ts';

/** Every problem there is; tables only where a folder of them is named. */
export async function loadProblems(tables: string | null): Promise<readonly QualityProblem[]> {
  return [
    ...(tables === null ? [] : await readTables(tables)),
    ...bbobProblems,
    ...bbobMixintProblems,
    ...multiObjectiveProblems,
    ...conditionalProblems,
  ];
}
