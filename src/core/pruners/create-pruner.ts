import type { JsonObject } from '../json.ts';
import { createOfKind, type Kind } from '../kind.ts';
import type { StudyProblem } from '../study.ts';
import { ashaPrunerOptions, readAshaPruner } from './asha-pruner.ts';
import { medianPrunerOptions, readMedianPruner } from './median-pruner.ts';
import type { Pruner } from './pruner.ts';

/** What `{"kind": ...}` may name. */
const kinds: Readonly<Record<string, Kind<Pruner>>> = {
  median: { options: medianPrunerOptions, create: readMedianPruner },
  asha: { options: ashaPrunerOptions, create: readAshaPruner },
};

/** Null for null: no pruner. @throws InputError that names the option and what is known. */
export function createPruner(
  settings: JsonObject | null,
  problem: StudyProblem,
  path = 'pruner',
): Pruner | null {
  return settings === null ? null : createOfKind(kinds, settings, problem, path);
}
