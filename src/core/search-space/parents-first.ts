import type { FaultList } from '../errors.ts';
import { childPath } from '../field-reader.ts';
import type { NamedParameter } from './space.ts';

/** The parameters with parents before their children, otherwise in the given order. A circle is a fault that names it. */
export function parentsFirst(
  parameters: readonly NamedParameter[],
  path: string,
  faults: FaultList,
): readonly NamedParameter[] {
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const ordered = new Set<NamedParameter>();
  const ancestry: string[] = [];

  const visit = (parameter: NamedParameter): void => {
    if (ordered.has(parameter)) return;
    const start = ancestry.indexOf(parameter.name);
    if (start >= 0) {
      const circle = [...ancestry.slice(start), parameter.name].join(' -> ');
      faults.add(
        `${childPath(path, parameter.name)}.when`,
        `leads back to itself: ${circle}; drop one of these conditions.`,
      );
      return;
    }
    ancestry.push(parameter.name);
    for (const parent of Object.keys(parameter.when ?? {})) {
      const found = byName.get(parent);
      if (found !== undefined) visit(found);
    }
    ancestry.pop();
    ordered.add(parameter);
  };

  for (const parameter of parameters) visit(parameter);
  return [...ordered];
}
