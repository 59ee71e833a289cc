import { AsyncLocalStorage } from 'node:async_hooks';
import { TrialStopped } from '../../trainables/trainable.ts';

/**
 * Watches for errors that the code of trials throws where nobody catches them: in a timer, or in a promise that is not
 * awaited. That a trial is to stop is none, so that a `report` which is not awaited does no harm. Any other ends the thread
 * or process as it always does in Node, with the trial, unless several trials share it.
 * @param onError where trials share the thread: takes the error of the trial whose code has thrown it
 * @returns runs a trial's code, so that its errors are known to be its
 */
export function watchStrayErrors<Trial>(
  onError: ((error: unknown, trial: Trial) => void) | null,
): <T>(trial: Trial, code: () => T) => T {
  // It costs promises something: only threads of GPUs have one anyway.
  const owner = onError === null ? null : new AsyncLocalStorage<Trial>();
  const take = (error: unknown): void => {
    const trial = owner?.getStore();
    if (trial === undefined) throw error;
    onError?.(error, trial);
  };
  process.on('unhandledRejection', (error) => {
    if (!(error instanceof TrialStopped)) take(error);
  });
  if (owner === null) return (_, code) => code();
  process.on('uncaughtException', take);
  return (trial, code) => owner.run(trial, code);
}
