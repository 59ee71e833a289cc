import type { Dataset } from '../datasets/dataset.ts';
import { ClassificationTask } from './classification.ts';
import { RegressionTask } from './regression.ts';
import type { Task } from './task.ts';

/** One of each kind. */
export const possibleTasks: readonly Task[] = [new ClassificationTask([]), new RegressionTask(1)];

/** Classes are told apart, numbers predicted. */
export function taskOf({ target }: Dataset): Task {
  return target.kind === 'class'
    ? new ClassificationTask(target.classes)
    : new RegressionTask(target.deviation);
}
