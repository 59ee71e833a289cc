import type { Readable } from 'node:stream';
import { artifactNameFault } from '../core/artifact-name.ts';
import { CallerError, conflict, InputError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { type ArtifactRecord, ArtifactStore } from '../storage/artifacts/artifact-store.ts';
import type { ByteRange } from '../storage/artifacts/blob-store.ts';
import type { FileStorage } from '../storage/artifacts/file-storage.ts';
import type { Database } from '../storage/database.ts';
import type { TrialRecord } from '../storage/records.ts';
import type { StudyWriter } from '../storage/study-writer.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import { checkAttempt } from './trial-changes.ts';

export interface ArtifactUpload {
  readonly trialId: number;
  /** The fencing token; absent: whatever attempt has the trial. */
  readonly attempt?: number | null | undefined;
  readonly name: string;
  readonly contentType: string;
  readonly content: Readable;
  /** What the content's digest must be, in lower-case hexadecimal digits; absent: anything. */
  readonly sha256?: string | null | undefined;
}

export interface ArtifactRequest {
  readonly trialId: number;
  readonly attempt?: number | null | undefined;
  readonly name: string;
}

/** The files of trials: added while they run or after, and replaced by name. */
export class TrialArtifacts {
  readonly store: ArtifactStore;
  readonly #files: FileStorage;
  readonly #writer: StudyWriter;
  readonly #trials: TrialStore;
  readonly #log: Logger;

  constructor(parts: {
    database: Database;
    files: FileStorage;
    writer: StudyWriter;
    trials: TrialStore;
    log: Logger;
  }) {
    this.store = new ArtifactStore(parts.database.pool, parts.files.blobs);
    this.#files = parts.files;
    this.#writer = parts.writer;
    this.#trials = parts.trials;
    this.#log = parts.log;
  }

  /** The largest file that is taken. */
  get maxBytes(): number {
    return this.#files.maxBytes;
  }

  /**
   * Stores a file. When this resolves, the content, the row and the event are safe; when it rejects, none of them is
   * there.
   */
  async add(upload: ArtifactUpload): Promise<{ artifact: ArtifactRecord; isNew: boolean }> {
    const { trialId, attempt, name, contentType, content } = upload;
    checkName(name);
    const { studyId } = checkOwner(await this.#trials.get(trialId), attempt);
    return this.#files.staging.with(content, this.#files.maxBytes, async (file) => {
      checkDigest(file.sha256, upload.sha256);
      const artifact = { trialId, name, sha256: file.sha256, contentType, createdAt: new Date() };
      const replaced = await this.store.keepFor(file, () =>
        this.#writer.change(studyId, async (change) => {
          const trial = checkOwner((await change.trials([trialId]))[0]!, attempt);
          const before = await this.store.save(change.client, artifact);
          change.saveTrial('ARTIFACT_ADDED', trial);
          return before;
        }),
      );
      if (replaced !== null && replaced.sha256 !== file.sha256) await this.release([replaced.sha256]);
      return { artifact: { ...artifact, size: file.size }, isNew: replaced === null };
    });
  }

  /** @throws CallerError NOT_FOUND */
  async get(trialId: number, name: string): Promise<ArtifactRecord> {
    await this.#trials.get(trialId);
    const artifact = await this.store.find(trialId, name);
    if (artifact === null) {
      throw new CallerError('NOT_FOUND', `The trial has no artifact with the name "${name}".`, { name });
    }
    return artifact;
  }

  open({ sha256 }: ArtifactRecord, range?: ByteRange): Promise<Readable> {
    return this.store.blobs.open(sha256, range);
  }

  /** @throws CallerError NOT_FOUND */
  async remove({ trialId, attempt, name }: ArtifactRequest): Promise<TrialRecord> {
    const { studyId } = await this.#trials.get(trialId);
    const { sha256 } = await this.get(trialId, name);
    const trial = await this.#writer.change(studyId, async (change) => {
      const owned = checkOwner((await change.trials([trialId]))[0]!, attempt);
      await this.store.remove(change.client, trialId, name);
      return change.saveTrial('ARTIFACT_DELETED', owned);
    });
    await this.release([sha256]);
    return trial;
  }

  /** Deletes the contents that no artifact has any more. */
  async collectGarbage(): Promise<void> {
    await this.release(await this.store.unused());
  }

  /** Deletes contents that no artifact has any more; what cannot be deleted now is deleted later. */
  async release(digests: readonly string[]): Promise<void> {
    for (const sha256 of digests) {
      await this.store
        .release(sha256)
        .catch((error) =>
          this.#log.warn({ sha256, err: error }, 'a file could not be deleted; trying later'),
        );
    }
  }
}

function checkName(name: string): void {
  const fault = artifactNameFault(name);
  if (fault !== null) throw InputError.at('name', fault);
}

function checkDigest(found: string, expected: string | null | undefined): void {
  if (expected == null || expected === found) return;
  throw InputError.at('sha256', `is ${found} of what has come, not ${expected}: send the file again.`);
}

/** @throws CallerError CONFLICT where the trial is not the caller's */
function checkOwner(trial: TrialRecord, attempt: number | null | undefined): TrialRecord {
  checkAttempt(trial, attempt);
  if (trial.state !== 'QUEUED') return trial;
  throw conflict(
    `Trial ${trial.number} is QUEUED: it has not started yet, or its lease ended. Ask for it with askTrials first.`,
    { state: trial.state },
  );
}
