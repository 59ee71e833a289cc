import { mixKeys } from '../../src/core/random.ts';

// What attempts report: every value tells whose it is, so that each stored bit can be checked.

const attemptUnit = 2 ** 16;

/** The loss that an attempt of a worker reports at a step: its whole part holds attempt and step, the rest is noise. */
export function workerLoss(trial: string, attempt: number, step: number): number {
  return attempt * attemptUnit + step + noise(trial, attempt, step);
}

export function attemptOf(loss: number): number {
  return Math.floor(loss / attemptUnit);
}

/** Values that many formats lose, beside each loss. */
export function oddValue(attempt: number, step: number): number {
  return oddValues[(attempt + step) % oddValues.length]!;
}
const oddValues = [Number.NaN, Infinity, -Infinity, -0, Number.MIN_VALUE, Number.MAX_VALUE, 0.1 + 0.2];

/** The final value that an attempt of a worker tells: another one than it has reported. */
export function finalLoss(trial: string, attempt: number): number {
  return workerLoss(trial, attempt, attemptUnit - 1);
}

/** The loss of a trial inside the server: the same in every attempt. */
export function insideLoss(draw: number, step: number): number {
  return draw + 1 / (step + 1);
}

/** Uniform in [0, 1). */
function noise(trial: string, attempt: number, step: number): number {
  const digits = Number(trial.replace(/\D/g, ''));
  return (mixKeys([digits, attempt, step], 7) >>> 0) / 2 ** 32;
}
