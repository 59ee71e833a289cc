import { FaultList } from './errors.ts';
import { FieldReader } from './field-reader.ts';
import { didYouMean } from './nearest-name.ts';
import type { Constraint, Objective, RegretRule, StopRules } from './study.ts';

/** As in Makarova et al. (2022): with fewer a process knows next to nothing. */
const startupTrials = 20;

/** No rules for undefined and null. @throws InputError with every fault. */
export function parseStopRules(
  input: unknown,
  objectives: readonly Objective[],
  constraints: readonly Constraint[] = [],
): StopRules {
  const path = 'stopRules';
  if (input === undefined || input === null) return {};
  const faults = new FaultList();
  const fields = FieldReader.open(input, path, faults);
  fields?.allowOnly('maxTrials', 'timeoutSeconds', 'deviceSeconds', 'target', 'patience', 'regretBound');
  const maxTrials = fields?.number('maxTrials', { integer: true, min: 1 });
  const timeoutSeconds = fields?.number('timeoutSeconds', { above: 0 });
  const deviceSeconds = fields?.number('deviceSeconds', { above: 0 });
  const patience = fields?.number('patience', { integer: true, min: 1 });
  const targetInput = fields?.value('target');
  const target =
    targetInput === undefined ? undefined : readTarget(targetInput, objectives, `${path}.target`, faults);
  const regretInput = fields?.value('regretBound');
  const regretBound =
    regretInput === undefined ? undefined : readRegretRule(regretInput, objectives, constraints, faults);
  faults.throwIfAny();
  return {
    ...(maxTrials === undefined ? {} : { maxTrials }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(deviceSeconds === undefined ? {} : { deviceSeconds }),
    ...(target === undefined ? {} : { target }),
    ...(patience === undefined ? {} : { patience }),
    ...(regretBound === undefined ? {} : { regretBound }),
  };
}

function readTarget(
  input: unknown,
  objectives: readonly Objective[],
  path: string,
  faults: FaultList,
): StopRules['target'] {
  const fields = FieldReader.open(input, path, faults);
  if (fields === null) return undefined;
  fields.allowOnly('metric', 'value');
  const metric = fields.name('metric');
  const value = fields.number('value', { required: true });
  const metrics = objectives.map((objective) => objective.metric);
  if (metric !== undefined && !metrics.includes(metric)) {
    fields.fault('metric', `is not an objective of this study. ${didYouMean(metric, metrics)}`);
  }
  return metric === undefined || value === undefined ? undefined : { metric, value };
}

function readRegretRule(
  input: unknown,
  objectives: readonly Objective[],
  constraints: readonly Constraint[],
  faults: FaultList,
): RegretRule | undefined {
  const path = 'stopRules.regretBound';
  const fields = FieldReader.open(input, path, faults);
  if (fields === null) return undefined;
  fields.allowOnly('threshold', 'errorMetric', 'startupTrials');
  const threshold = fields.number('threshold', { above: 0 });
  const errorMetric = fields.value('errorMetric') === undefined ? undefined : fields.name('errorMetric');
  const startup = fields.number('startupTrials', { integer: true, min: 2 }) ?? startupTrials;
  const metrics = [...objectives, ...constraints].map(({ metric }) => metric);
  if (objectives.length > 1) {
    faults.add(path, 'needs a study with one objective; leave it out, or use patience.');
  } else if ((fields.value('threshold') === undefined) === (fields.value('errorMetric') === undefined)) {
    faults.add(path, 'must have either a threshold, in the units of the objective, or an errorMetric.');
  } else if (errorMetric !== undefined && !metrics.includes(errorMetric)) {
    const remedy = 'is no metric of an objective or constraint, which alone are kept with a trial.';
    fields.fault('errorMetric', `${remedy} ${didYouMean(errorMetric, metrics)}`);
  }
  return {
    ...(threshold === undefined ? {} : { threshold }),
    ...(errorMetric === undefined ? {} : { errorMetric }),
    startupTrials: startup,
  };
}
