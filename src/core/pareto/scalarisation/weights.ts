import type { FaultList } from '../../errors.ts';
import { FieldReader } from '../../field-reader.ts';
import type { Objective } from '../../study.ts';

/**
 * The weights of objectives, `{"loss": 2, "seconds": 1}`, in the order of the objectives: each has one, none is below
 * 0, one is above. Only their ratios matter.
 */
export function readWeights(
  fields: FieldReader,
  objectives: readonly Objective[],
  faults: FaultList,
): readonly number[] {
  const input = fields.value('weights');
  if (input === undefined) {
    fields.fault('weights', 'is missing; give each objective a weight, such as {"loss": 2, "seconds": 1}.');
    return [];
  }
  const entries = FieldReader.open(input, `${fields.path}.weights`, faults);
  entries?.allowOnly(...objectives.map(({ metric }) => metric));
  const weights = objectives.map(({ metric }) => entries?.number(metric, { required: true, min: 0 }) ?? 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (faults.isEmpty && !(sum > 0))
    fields.fault('weights', 'are all 0; give one objective a weight above 0.');
  return weights.map((weight) => weight / sum);
}
