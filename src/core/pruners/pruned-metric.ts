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

/** All objectives, unless `metric` names one: for pruners that compare several. */
export function readPrunedMetrics(fields: FieldReader, problem: StudyProblem): readonly PrunedMetric[] {
  const isNamed = fields.value('metric') !== undefined || fields.value('direction') !== undefined;
  return isNamed ? [readPrunedMetric(fields, problem)] : problem.objectives;
}

/** Whether a is strictly better than b; any number is better than NaN. */
export function isBetter(direction: Direction, a: number, b: number): boolean {
  if (Number.isNaN(b)) return !Number.isNaN(a);
  return direction === 'MINIMIZE' ? a < b : a > b;
}

/** A value as a loss, to be made small; the sign of a loss of a metric that is maximised is turned. Its own inverse. */
export function toLoss(direction: Direction, value: number): number {
  return direction === 'MINIMIZE' ? value : -value;
}

/** The word for the losing side of a bound. */
export function worseThan(direction: Direction): 'above' | 'below' {
  return direction === 'MINIMIZE' ? 'above' : 'below';
}

/** A number as a reason shows it: four digits. */
export function showNumber(value: number): string {
  return Number.isNaN(value) ? 'not a number' : String(Number(value.toPrecision(4)));
}
