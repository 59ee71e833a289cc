import type * as z from 'zod';
import { FaultList } from '../core/errors.ts';
import { type ParameterInput, parametersOf, type SearchSpaceInput } from '../core/search-space/space.ts';

/** Checks that a trainable takes every parameter of a space: its name, both ends of its range, each of its choices. */
export function checkParameters(trainable: string, params: z.ZodObject, space: SearchSpaceInput): void {
  const faults = new FaultList();
  for (const [name, parameter] of parametersOf(space)) {
    const schema = Object.hasOwn(params.shape, name) ? params.shape[name] : undefined;
    const path = `searchSpace.${name}`;
    if (!schema) {
      const known = Object.keys(params.shape).join(', ');
      faults.add(path, `the trainable '${trainable}' has no such parameter. Its parameters: ${known}.`);
      continue;
    }
    for (const [place, value] of extremes(parameter as ParameterInput)) {
      const result = (schema as z.ZodType).safeParse(value);
      if (!result.success) addIssues(faults, `${path}.${place}`, result.error);
    }
  }
  faults.throwIfAny();
}

/** Adds what zod found, each fault at its path below `root`. */
export function addIssues(faults: FaultList, root: string, error: z.ZodError): void {
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) faults.add(`${root}.${key}`, 'there is no such setting; remove it.');
    } else {
      faults.add([root, ...issue.path].join('.'), issue.message);
    }
  }
}

/** Numeric schemas accept intervals, so a range is fine when both its ends are. */
function extremes(parameter: ParameterInput): [place: string, value: unknown][] {
  if (parameter.type === 'categorical') {
    return parameter.choices.map((choice, index) => [`choices.${index}`, choice]);
  }
  if (parameter.type === 'fixed') return [['value', parameter.value]];
  return [
    ['low', parameter.low],
    ['high', parameter.high],
  ];
}
