import type { FieldReader } from '../field-reader.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { createOfKind, type Kind } from '../kind.ts';
import type { StudyProblem } from '../study.ts';
import { ashaPrunerOptions, readAshaPruner } from './asha-pruner.ts';
import { frontPrunerOptions, readFrontPruner } from './front-pruner.ts';
import { hyperbandPrunerOptions, readHyperbandPruner } from './hyperband-pruner.ts';
import { patientPrunerOptions, readPatientPruner } from './patient-pruner.ts';
import {
  medianPrunerOptions,
  percentilePrunerOptions,
  readMedianPruner,
  readPercentilePruner,
} from './percentile-pruner.ts';
import type { Pruner } from './pruner.ts';
import { readThresholdPruner, thresholdPrunerOptions } from './threshold-pruner.ts';
import { readWilcoxonPruner, wilcoxonPrunerOptions } from './wilcoxon-pruner.ts';

const kinds: Readonly<Record<string, Kind<Pruner>>> = {
  median: { options: medianPrunerOptions, create: readMedianPruner },
  percentile: { options: percentilePrunerOptions, create: readPercentilePruner },
  threshold: { options: thresholdPrunerOptions, create: readThresholdPruner },
  asha: { options: ashaPrunerOptions, create: readAshaPruner },
  hyperband: { options: hyperbandPrunerOptions, create: readHyperbandPruner },
  wilcoxon: { options: wilcoxonPrunerOptions, create: readWilcoxonPruner },
  front: { options: frontPrunerOptions, create: readFrontPruner },
};

/** What `{"kind": ...}` may name: all of them, and the patient one, which takes any other in `pruner`. */
const kindsWithPatient: Readonly<Record<string, Kind<Pruner>>> = {
  ...kinds,
  patient: {
    options: patientPrunerOptions,
    create: (fields, problem) => readPatientPruner(fields, problem, () => readWrapped(fields, problem)),
  },
};

/** Null for null: no pruner. @throws InputError that names the option and what is known. */
export function createPruner(
  settings: JsonObject | null,
  problem: StudyProblem,
  path = 'pruner',
): Pruner | null {
  return settings === null ? null : createOfKind(kindsWithPatient, settings, problem, path);
}

function readWrapped(fields: FieldReader, problem: StudyProblem): Pruner | null {
  const settings = fields.value('pruner');
  if (settings === undefined) return null;
  if (!isJsonObject(settings)) {
    fields.fault('pruner', 'must be an object such as {"kind": "median"}.');
    return null;
  }
  return createOfKind(kinds, settings, problem, `${fields.path}.pruner`);
}
