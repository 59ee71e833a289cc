import { isPassing, TrialgraphError } from './errors.ts';
import type { Params, Values } from './json.ts';
import { backoffMs, sleep } from './retry.ts';
import type { Trial } from './trial.ts';

/** Runs one trial and gives its final values; the last report stands for metrics that it leaves out. */
export type RunTrial<Parameters extends object = Params> = (
  trial: Trial<Parameters>,
  // biome-ignore lint/suspicious/noConfusingVoidType: a callback may end with `return trial.prune()`
) => Promise<Values | void>;

export interface OptimizeOptions {
  /** How many trials to run; absent: until the study is finished. */
  readonly trials?: number;
  /** How many trials to run at the same time; 1 where absent. */
  readonly concurrency?: number;
  /** This worker's name, for people. */
  readonly worker?: string;
  /** A trial goes to another worker when this one has not been heard of for so long; 60 where absent. */
  readonly leaseSeconds?: number;
  /** Asks for no more trials; those that run go on to their end. */
  readonly signal?: AbortSignal;
}

/** What is needed of a study. */
export interface TrialSource<Parameters extends object> {
  /** Asks for one trial; null when there is none just now. */
  ask(): Promise<Trial<Parameters> | null>;
  isFinished(): Promise<boolean>;
}

const longestIdleMs = 1000;

/**
 * Asks, runs and tells until the study is finished, `trials` have been run, or the signal is aborted. Trials are told
 * COMPLETED, PRUNED when `shouldStop` was set (or paused when `shouldPause` was), or FAILED with what `run` has thrown; heartbeats go out meanwhile.
 * @throws what asking or telling fails with, after the other running trials have ended
 */
export async function optimize<Parameters extends object>(
  source: TrialSource<Parameters>,
  run: RunTrial<Parameters>,
  { trials = Number.POSITIVE_INFINITY, concurrency = 1, leaseSeconds = 60, signal }: OptimizeOptions,
): Promise<void> {
  let left = trials;
  let isOver = false;

  const workOff = async (): Promise<void> => {
    for (let idle = 0; left > 0 && !isOver && !signal?.aborted; ) {
      left -= 1;
      const trial = await source.ask();
      if (trial !== null) {
        idle = 0;
        await runTrial(trial, run, leaseSeconds);
        continue;
      }
      left += 1;
      idle += 1;
      if (await source.isFinished()) isOver = true;
      else await sleep(Math.min(longestIdleMs, backoffMs(idle)), signal);
    }
  };

  const workers = Array.from({ length: concurrency }, () =>
    workOff().catch((error) => {
      isOver = true;
      if (!signal?.aborted || error !== signal.reason) throw error;
    }),
  );
  for (const result of await Promise.allSettled(workers)) {
    if (result.status === 'rejected') throw result.reason;
  }
}

async function runTrial<Parameters extends object>(
  trial: Trial<Parameters>,
  run: RunTrial<Parameters>,
  leaseSeconds: number,
): Promise<void> {
  let isBeating = false;
  const beat = async (): Promise<void> => {
    // One that waits for a server that is away is not joined by others.
    if (isBeating) return;
    isBeating = true;
    await trial.heartbeat().catch(() => {});
    isBeating = false;
  };
  // Of three heartbeats within a lease two may be lost.
  const timer = setInterval(beat, (leaseSeconds * 1000) / 3);
  try {
    await ended(trial, run);
  } catch (error) {
    // It was cancelled, or its lease ended: others know how it goes on with it.
    if (!(error instanceof TrialgraphError && error.code === 'CONFLICT')) throw error;
  } finally {
    clearInterval(timer);
  }
}

async function ended<Parameters extends object>(
  trial: Trial<Parameters>,
  run: RunTrial<Parameters>,
): Promise<void> {
  let values: Values | undefined;
  try {
    values = (await run(trial)) ?? undefined;
  } catch (error) {
    // An error is also a way out of a training loop that should stop.
    return trial.shouldStop ? stopped(trial) : trial.fail(error);
  }
  if (trial.state !== 'RUNNING') return; // told by `run` itself
  if (trial.shouldStop) return stopped(trial);
  try {
    return await trial.complete(values);
  } catch (error) {
    if (isPassing(error) || (error instanceof TrialgraphError && error.code === 'CONFLICT')) throw error;
    // Values that are not finite, or of no objective.
    return trial.fail(error);
  }
}

function stopped<Parameters extends object>(trial: Trial<Parameters>): Promise<void> {
  return trial.shouldPause ? trial.pause() : trial.prune();
}
