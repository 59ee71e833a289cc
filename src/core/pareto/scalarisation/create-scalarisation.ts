import { FaultList, InputError } from '../../errors.ts';
import { FieldReader } from '../../field-reader.ts';
import { isJsonObject, showJson } from '../../json.ts';
import type { Objective } from '../../study.ts';
import { EpsilonConstraintScalarisation } from './epsilon-constraint.ts';
import { LinearScalarisation } from './linear.ts';
import type { Scalarisation } from './scalarisation.ts';
import { TchebycheffScalarisation } from './tchebycheff.ts';
import { readWeights } from './weights.ts';

const kinds = ['linear', 'tchebycheff', 'epsilonConstraint'] as const;
type Kind = (typeof kinds)[number];

const options: Readonly<Record<Kind, readonly string[]>> = {
  linear: ['weights', 'normalise'],
  tchebycheff: ['weights', 'rho', 'normalise'],
  epsilonConstraint: ['objective', 'bounds'],
};

/**
 * What settings such as `{"kind": "tchebycheff", "weights": {"loss": 2, "seconds": 1}}` ask for. `normalise` is true
 * unless they say otherwise, since losses of different units cannot be weighed against each other; `rho` is 0.05 as in
 * ParEGO (Knowles 2006).
 * @throws InputError with every fault, and for a study of one objective
 */
export function createScalarisation(
  settings: unknown,
  objectives: readonly Objective[],
  path = 'scalarisation',
): Scalarisation {
  if (!isJsonObject(settings)) {
    throw InputError.at(
      path,
      `must be an object such as {"kind": "tchebycheff", "weights": {...}}, not ${showJson(settings)}.`,
    );
  }
  if (objectives.length < 2) throw InputError.at(path, 'makes one objective of several; this study has one.');
  const faults = new FaultList();
  const fields = FieldReader.open(settings, path, faults)!;
  const kind = fields.oneOf('kind', kinds);
  if (kind !== undefined) fields.allowOnly('kind', ...options[kind]);
  const made = kind === undefined ? undefined : create(kind, fields, objectives, faults);
  faults.throwIfAny();
  return made!;
}

function create(
  kind: Kind,
  fields: FieldReader,
  objectives: readonly Objective[],
  faults: FaultList,
): Scalarisation {
  if (kind === 'epsilonConstraint') return readEpsilonConstraint(fields, objectives, faults);
  const weights = readWeights(fields, objectives, faults);
  const isNormalised = fields.boolean('normalise') ?? true;
  if (kind === 'linear') return new LinearScalarisation(weights, isNormalised);
  return new TchebycheffScalarisation(weights, fields.number('rho', { min: 0 }) ?? 0.05, isNormalised);
}

function readEpsilonConstraint(
  fields: FieldReader,
  objectives: readonly Objective[],
  faults: FaultList,
): Scalarisation {
  const metrics = objectives.map(({ metric }) => metric);
  const objective = fields.oneOf('objective', metrics) ?? metrics[0]!;
  const others = metrics.filter((metric) => metric !== objective);
  const bounds = FieldReader.open(fields.value('bounds') ?? {}, `${fields.path}.bounds`, faults);
  bounds?.allowOnly(...others);
  const given = others.flatMap((metric): [string, number][] => {
    const bound = bounds?.number(metric);
    return bound === undefined ? [] : [[metric, bound]];
  });
  if (faults.isEmpty && given.length === 0) {
    fields.fault('bounds', `is empty; give the worst value that is allowed for ${others.join(' or ')}.`);
  }
  return new EpsilonConstraintScalarisation(objectives, objective, new Map(given));
}
