import { readdirSync, readFileSync } from 'node:fs';

/** What a thread had of a core so far, in milliseconds. */
interface ThreadTime {
  readonly ms: number;
  /** As in /proc: PROCESS/task/THREAD. */
  readonly thread: string;
  readonly process: number;
  readonly program: string;
}

/** Of the threads of a process and of all processes below it, by thread. Empty but on Linux. */
export type ProcessorTimes = ReadonlyMap<string, ThreadTime>;

export function processorTimes(root: number): ProcessorTimes {
  const times = new Map<string, ThreadTime>();
  for (const process of [root, ...processesBelow(root)]) {
    const program = textOf(`/proc/${process}/comm`).trim();
    for (const id of namesIn(`/proc/${process}/task`)) {
      const thread = `${process}/task/${id}`;
      const ms = Number(textOf(`/proc/${thread}/schedstat`).split(' ')[0]) / 1e6;
      times.set(thread, { ms, thread, process, program });
    }
  }
  return times;
}

/** What all threads for which `isMeant` had between two readings, in milliseconds; those that ended between are left out. */
export function timeBetween(
  before: ProcessorTimes,
  after: ProcessorTimes,
  isMeant: (thread: ThreadTime) => boolean,
): number {
  let sum = 0;
  for (const [id, thread] of after) if (isMeant(thread)) sum += thread.ms - (before.get(id)?.ms ?? 0);
  return sum;
}

function processesBelow(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of namesIn('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = textOf(`/proc/${name}/stat`);
    // After the name, which may itself have parentheses: state, parent.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (process: number): number[] =>
    (children.get(process) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty where it has just ended. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
