import { FaultList } from './errors.ts';
import { FieldReader } from './field-reader.ts';
import type { JsonObject } from './json.ts';

/** How often, and after what time, a trial is started again. */
export interface Retries {
  /** For a trial that was lost: its worker, or the server that ran it, died or was not heard of any more. */
  readonly lost: number;
  /** For one that failed: its code threw, or its process ended on its own. */
  readonly failed: number;
  /** Before the first retry of one that failed, and the second of one that was lost; it doubles with every further one. */
  readonly delaySeconds: number;
  readonly maxDelaySeconds: number;
}

const maxRetries = 1000;
const maxSeconds = 7 * 24 * 3600;

/**
 * A trial that is lost is not to blame, mostly. One that has failed would mostly fail again: code, settings and seed are
 * the same. A second is nothing beside a training, and enough for a machine that its trials take down not to be kept
 * busy with that alone; after five minutes one that was started anew is there again.
 */
export const defaultRetries: Retries = { lost: 3, failed: 0, delaySeconds: 1, maxDelaySeconds: 300 };

/** Null for undefined and null: the server's default. @throws InputError with every fault */
export function parseRetries(input: unknown, path = 'retries'): JsonObject | null {
  if (input === undefined || input === null) return null;
  const faults = new FaultList();
  const fields = FieldReader.open(input, path, faults);
  fields?.allowOnly('lost', 'failed', 'delaySeconds', 'maxDelaySeconds');
  for (const key of ['lost', 'failed']) fields?.number(key, { integer: true, min: 0, max: maxRetries });
  for (const key of ['delaySeconds', 'maxDelaySeconds']) fields?.number(key, { min: 0, max: maxSeconds });
  faults.throwIfAny();
  return input as JsonObject;
}

/**
 * How long to wait before the next attempt: exponential back-off with half of it random ("equal jitter"), so that trials
 * that were lost together do not come back together.
 * @param failures how many attempts to wait for have failed by now; 0: no delay
 * @param random uniform in [0, 1)
 */
export function retryDelayMs(
  { delaySeconds, maxDelaySeconds }: Retries,
  failures: number,
  random: number,
): number {
  if (failures === 0) return 0;
  // 2^1024 is infinite, and no delay at all times that is not a number.
  const seconds = Math.min(maxDelaySeconds, delaySeconds * 2 ** Math.min(1000, failures - 1));
  return 1000 * seconds * (0.5 + 0.5 * random);
}
