import { FaultList } from './errors.ts';
import { FieldReader } from './field-reader.ts';
import { showJson } from './json.ts';
import { parseSearchSpace } from './search-space/parse-search-space.ts';
import type { Comparison, Constraint, Direction, Objective, StudyProblem } from './study.ts';

const maxObjectives = 20;
const maxConstraints = 100;
const directions: readonly Direction[] = ['MINIMIZE', 'MAXIMIZE'];
const comparisons: readonly Comparison[] = ['LESS_OR_EQUAL', 'GREATER_OR_EQUAL'];

export interface StudyProblemInput {
  readonly searchSpace: unknown;
  readonly objectives: unknown;
  readonly constraints?: unknown;
}

/** @throws InputError with every fault of all three parts. */
export function parseStudyProblem(input: StudyProblemInput): StudyProblem {
  const faults = new FaultList();
  const space = faults.collect(() => parseSearchSpace(input.searchSpace));
  const objectives = faults.collect(() => parseObjectives(input.objectives));
  const constraints = faults.collect(() => parseConstraints(input.constraints ?? []));
  faults.throwIfAny();
  return { space: space!, objectives: objectives!, constraints: constraints! };
}

/** At least one objective, each of another metric. @throws InputError with every fault. */
export function parseObjectives(input: unknown, path = 'objectives'): readonly Objective[] {
  const faults = new FaultList();
  const metrics = new Set<string>();
  const objectives = readList(input, path, maxObjectives, faults, (fields): Objective | undefined => {
    fields.allowOnly('metric', 'direction');
    const metric = fields.name('metric');
    const direction = fields.oneOf('direction', directions);
    if (metric === undefined || direction === undefined) return undefined;
    if (metrics.has(metric)) fields.fault('metric', `repeats the objective "${metric}"; remove one.`);
    metrics.add(metric);
    return { metric, direction };
  });
  if (faults.isEmpty && objectives.length === 0) {
    faults.add(path, 'is empty; give at least one {metric, direction}.');
  }
  faults.throwIfAny();
  return objectives;
}

/** @throws InputError with every fault: a bound that is not finite, two bounds of one side, a range that is empty. */
export function parseConstraints(input: unknown, path = 'constraints'): readonly Constraint[] {
  const faults = new FaultList();
  const bounds = new Map<string, Map<Comparison, number>>();
  const constraints = readList(input, path, maxConstraints, faults, (fields): Constraint | undefined => {
    fields.allowOnly('metric', 'comparison', 'bound');
    const metric = fields.name('metric');
    const comparison = fields.oneOf('comparison', comparisons);
    const bound = fields.number('bound', { required: true });
    if (metric === undefined || comparison === undefined || bound === undefined) return undefined;
    const sides = bounds.get(metric) ?? new Map<Comparison, number>();
    if (sides.has(comparison)) {
      fields.fault('comparison', `bounds "${metric}" from the same side twice; keep the tighter bound.`);
    }
    bounds.set(metric, sides.set(comparison, bound));
    const least = sides.get('GREATER_OR_EQUAL');
    const most = sides.get('LESS_OR_EQUAL');
    if (least !== undefined && most !== undefined && least > most) {
      fields.fault('bound', `leaves no value for "${metric}": it must be >= ${least} and <= ${most}.`);
    }
    return { metric, comparison, bound };
  });
  faults.throwIfAny();
  return constraints;
}

/** The items of a list of objects that `readItem` could read. */
function readList<Item>(
  input: unknown,
  path: string,
  limit: number,
  faults: FaultList,
  readItem: (fields: FieldReader) => Item | undefined,
): Item[] {
  if (!Array.isArray(input)) {
    faults.add(path, `must be a list, not ${showJson(input)}.`);
    return [];
  }
  if (input.length > limit) {
    faults.add(path, `has ${input.length} entries; at most ${limit} are allowed.`);
    return [];
  }
  const items: Item[] = [];
  input.forEach((entry: unknown, i) => {
    const fields = FieldReader.open(entry, `${path}[${i}]`, faults);
    const item = fields === null ? undefined : readItem(fields);
    if (item !== undefined) items.push(item);
  });
  return items;
}
