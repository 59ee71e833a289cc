import type { FieldReader } from '../field-reader.ts';
import type { Direction, StudyProblem } from '../study.ts';

/** The metric whose curve a pruner compares. */
export interface PrunedMetric {
  readonly metric: string;
  readonly direction: Direction;
}

export const prunedMetricOptions = ['metric', 'direction'] as const;

/** Reads `metric` and `direction`: the first objective by default; another metric needs its direction said. */
export function readPrunedMetric(fields: FieldReader, problem: StudyProblem): PrunedMetric {
  const first = problem.objectives[0]!;
  const metric = fields.value('metric') === undefined ? first.metric : fields.name('metric');
  const objective = problem.objectives.find((candidate) => candidate.metric === metric);
  if (objective !== undefined && fields.value('direction') === undefined) return objective;
  const direction = fields.oneOf('direction', ['MINIMIZE', 'MAXIMIZE'] as const);
  return { metric: metric ?? first.metric, direction: direction ?? first.direction };
}

/** Whether a is strictly better than b; any number is better than NaN. */
export function isBetter(direction: Direction, a: number, b: number): boolean {
  if (Number.isNaN(b)) return !Number.isNaN(a);
  return direction === 'MINIMIZE' ? a < b : a > b;
}

/** The word for the losing side of a bound. */
export function worseThan(direction: Direction): 'above' | 'below' {
  return direction === 'MINIMIZE' ? 'above' : 'below';
}

/** A number as a reason shows it: four digits. */
export function showNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
