import { CallerError } from './errors.ts';

/** What the program of a trial may do: all that its own trial asks for, in this attempt. */
export interface TrialGrant {
  readonly trialId: number;
  readonly attempt: number;
}

export function forbiddenToTrial({ trialId, attempt }: TrialGrant): CallerError {
  return new CallerError(
    'FORBIDDEN',
    `This token is for attempt ${attempt} of trial-${trialId}: it may report, log, store files and tell for that alone.`,
  );
}
