import { FaultList } from './errors.ts';
import { FieldReader } from './field-reader.ts';
import { didYouMean } from './nearest-name.ts';
import type { Objective, StopRules } from './study.ts';

/** No rules for undefined and null. @throws InputError with every fault. */
export function parseStopRules(
  input: unknown,
  objectives: readonly Objective[],
  path = 'stopRules',
): StopRules {
  if (input === undefined || input === null) return {};
  const faults = new FaultList();
  const fields = FieldReader.open(input, path, faults);
  fields?.allowOnly('maxTrials', 'timeoutSeconds', 'deviceSeconds', 'target', 'patience');
  const maxTrials = fields?.number('maxTrials', { integer: true, min: 1 });
  const timeoutSeconds = fields?.number('timeoutSeconds', { above: 0 });
  const deviceSeconds = fields?.number('deviceSeconds', { above: 0 });
  const patience = fields?.number('patience', { integer: true, min: 1 });
  const targetInput = fields?.value('target');
  const target =
    targetInput === undefined ? undefined : readTarget(targetInput, objectives, `${path}.target`, faults);
  faults.throwIfAny();
  return {
    ...(maxTrials === undefined ? {} : { maxTrials }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(deviceSeconds === undefined ? {} : { deviceSeconds }),
    ...(target === undefined ? {} : { target }),
    ...(patience === undefined ? {} : { patience }),
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
