import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CallerError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { TrialRecord } from '../storage/records.ts';
import { checkpointName } from '../trainables/artifact.ts';
import type { TrialArtifacts } from './trial-artifacts.ts';

/** What makes it one that is deleted when the trial has ended; a file that somebody keeps under the name has another. */
const checkpointType = 'application/vnd.trialgraph.checkpoint';

/** The newest checkpoint of each trial: replaced while it runs, gone when it has ended. */
export class Checkpoints {
  readonly #artifacts: TrialArtifacts;
  readonly #log: Logger;

  constructor(artifacts: TrialArtifacts, log: Logger) {
    this.#artifacts = artifacts;
    this.#log = log;
  }

  /**
   * Stores the newest checkpoint of an attempt. Where that fails the trial goes on, from an older one at worst.
   * @returns why it could not be stored, or null
   */
  async save({ id, attempt }: TrialRecord, bytes: Uint8Array): Promise<string | null> {
    try {
      const content = Readable.from([bytes]);
      const file = { name: checkpointName, contentType: checkpointType, content };
      await this.#artifacts.add({ trialId: id, attempt, ...file });
      return null;
    } catch (error) {
      // Lost to another attempt, or cancelled: then the checkpoint is not its to write either.
      if (error instanceof CallerError && error.code === 'CONFLICT') return null;
      this.#log.warn({ trial: id, err: error }, 'a checkpoint could not be stored');
      return (error as Error).message;
    }
  }

  /** Null where there is none, or none that can be read: then the trial starts anew. */
  async load(trialId: number): Promise<Uint8Array | null> {
    try {
      const artifact = await this.#artifacts.store.find(trialId, checkpointName);
      return artifact === null ? null : await buffer(await this.#artifacts.open(artifact));
    } catch (error) {
      this.#log.warn({ trial: trialId, err: error }, 'a checkpoint could not be read; the trial starts anew');
      return null;
    }
  }

  /** Deletes some of the checkpoints of trials that have ended. @returns how many; 0: there are none left */
  async dropSome(): Promise<number> {
    const ended = await this.#artifacts.store.ofEndedTrials(checkpointType);
    for (const { trialId, name } of ended) {
      await this.#artifacts.remove({ trialId, name }).catch((error) => {
        // Somebody else was faster.
        if (!(error instanceof CallerError && error.code === 'NOT_FOUND')) throw error;
      });
    }
    return ended.length;
  }
}

/** Stores the checkpoints of one attempt: of those that come while another is being stored only the newest. */
export class CheckpointQueue {
  readonly #checkpoints: Checkpoints;
  readonly #trial: TrialRecord;
  readonly #storeReports: () => Promise<void>;
  readonly #tell: (line: string) => void;
  #newest: Uint8Array | null = null;
  #saving: Promise<void> | null = null;

  /**
   * @param storeReports stores what the attempt has reported: an attempt that goes on from a checkpoint reports only what comes after it
   * @param tell adds a line to the attempt's log
   */
  constructor(
    checkpoints: Checkpoints,
    trial: TrialRecord,
    storeReports: () => Promise<void>,
    tell: (line: string) => void,
  ) {
    this.#checkpoints = checkpoints;
    this.#trial = trial;
    this.#storeReports = storeReports;
    this.#tell = tell;
  }

  push(bytes: Uint8Array): void {
    this.#newest = bytes;
    this.#saving ??= this.#saveAll();
  }

  /** Resolves when the newest one is stored. */
  async drain(): Promise<void> {
    await this.#saving;
  }

  async #saveAll(): Promise<void> {
    while (this.#newest !== null) {
      const bytes = this.#newest;
      this.#newest = null;
      const fault = (await this.#areReportsStored())
        ? await this.#checkpoints.save(this.#trial, bytes)
        : null;
      if (fault !== null) this.#tell(`A checkpoint of ${bytes.length} bytes could not be stored: ${fault}`);
    }
    this.#saving = null;
  }

  /** Where they cannot be, the run is ended for that. */
  #areReportsStored(): Promise<boolean> {
    return this.#storeReports().then(
      () => true,
      () => false,
    );
  }
}
