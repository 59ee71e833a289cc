import type { ArtifactFile } from '../../trainables/artifact.ts';
import type { RunOrder, RunOutcome, RunReport } from './host-messages.ts';

export interface RunListener {
  onReport(report: RunReport): void;
  onLog(line: string): void;
  /** Called when its code shows that it goes on from checkpoints. */
  onResumable(): void;
  onCheckpoint(bytes: Uint8Array): void;
  /** Resolves when the file is stored: to null, or to the reason why it is not. */
  onArtifact(file: ArtifactFile): Promise<string | null>;
}

/** A trial that runs in a pool. */
export interface Run {
  /** Never rejects. Whatever its code does to its host, this resolves. */
  readonly outcome: Promise<RunOutcome>;
  /** The most memory that it has had so far, in bytes; null where that is not known. */
  readonly peakBytes: number | null;
  /**
   * Asks the trial to stop. When this returns the message is on its way, so that of code in a thread or a process only
   * the batch that is under way is still made; a program gets a signal. What does not react in time is ended by force.
   */
  stop(): void;
  /** Asks the trial to save a checkpoint and end. */
  pause(): void;
}

/** Runs trials: in threads, in processes of their own, as programs. */
export interface TrialPool {
  run(order: RunOrder, listener: RunListener): Run;
  /** Ends all that runs, by force. */
  close(): Promise<void>;
}
