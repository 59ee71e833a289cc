import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { AnytimeCurve } from './anytime.ts';
import type { Job, WorkerSetup } from './worker.ts';

/**
 * Runs every job, a process a core, and gives the curve of each as it ends. They are taken in the given order.
 * @throws Error where a worker ends before its work does
 */
export async function runJobs(
  jobs: readonly Job[],
  setup: WorkerSetup,
  onCurve: (job: Job, curve: AnytimeCurve) => void,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    const worker = fork(join(import.meta.dirname, 'worker.ts'), { execArgv: ['--import', 'tsx'] });
    try {
      await request(worker, setup);
      while (next < jobs.length) {
        const job = jobs[next++]!;
        onCurve(job, (await request(worker, job)) as AnytimeCurve);
      }
    } finally {
      worker.disconnect();
    }
  };
  const workers = Math.min(jobs.length, availableParallelism());
  await Promise.all(Array.from({ length: workers }, work));
}

async function request(worker: ChildProcess, message: Job | WorkerSetup): Promise<unknown> {
  const abort = new AbortController();
  const ended = once(worker, 'exit', { signal: abort.signal }).then(() => {
    throw new Error(`A worker ended while it had to do ${JSON.stringify(message)}.`);
  });
  const answered = once(worker, 'message', { signal: abort.signal });
  worker.send(message);
  try {
    const [answer] = await Promise.race([answered, ended]);
    return answer;
  } finally {
    abort.abort();
    await Promise.allSettled([answered, ended]);
  }
}
