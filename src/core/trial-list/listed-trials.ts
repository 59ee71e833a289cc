import type { TrialView } from '../trial.ts';

/** What lists show of a trial and samplers do not see. */
export interface TrialDetails {
  /** When its newest attempt started, in whole milliseconds since 1970. */
  readonly startedMs: number | null;
  readonly attempt: number;
  readonly device: string | null;
  readonly tags: readonly string[];
  readonly notes: string | null;
}

/** The trials that a list shows. */
export interface ListedTrials {
  trial(number: number): TrialView | undefined;
  /** Undefined for a trial that has not ended or never started. */
  durationMs(number: number): number | undefined;
  /** Undefined for a trial that is not stored yet. */
  details(number: number): TrialDetails | undefined;
}
