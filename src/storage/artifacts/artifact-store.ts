import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '../transaction.ts';
import type { BlobStore, StagedFile } from './blob-store.ts';

/** A file of a trial. */
export interface ArtifactRecord {
  readonly trialId: number;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly contentType: string;
  readonly createdAt: Date;
}

/** No upload takes so long from its last byte to its row; those of a server that was killed are over after it. */
const reservationMs = 3_600_000;
const maxBlobsPerSearch = 1000;

/**
 * Which artifacts trials have, and the blobs that hold their contents. A blob is there while an artifact has it or an
 * upload has reserved it.
 */
export class ArtifactStore {
  readonly blobs: BlobStore;
  readonly #pool: Pool;

  constructor(pool: Pool, blobs: BlobStore) {
    this.#pool = pool;
    this.blobs = blobs;
  }

  /** The artifacts of each trial, by name. */
  async list(trialIds: readonly number[]): Promise<Map<number, ArtifactRecord[]>> {
    const { rows } = await this.#pool.query<ArtifactRecord>(
      `${selectArtifacts} WHERE trial_id = ANY ($1) ORDER BY trial_id, name`,
      [trialIds],
    );
    const byTrial = new Map<number, ArtifactRecord[]>(trialIds.map((id) => [id, []]));
    for (const row of rows) byTrial.get(row.trialId)!.push(row);
    return byTrial;
  }

  /** Some artifacts of a content type whose trials have ended. */
  async ofEndedTrials(contentType: string): Promise<ArtifactRecord[]> {
    const { rows } = await this.#pool.query<ArtifactRecord>(
      `${selectArtifacts} JOIN trial ON trial.id = artifact.trial_id
       JOIN study ON study.id = trial.study_id
       WHERE content_type = $1 AND trial.finished_at IS NOT NULL AND study.deleted_at IS NULL
       LIMIT ${maxBlobsPerSearch}`,
      [contentType],
    );
    return rows;
  }

  async find(trialId: number, name: string): Promise<ArtifactRecord | null> {
    const { rows } = await this.#pool.query<ArtifactRecord>(
      `${selectArtifacts} WHERE trial_id = $1 AND name = $2`,
      [trialId, name],
    );
    return rows[0] ?? null;
  }

  /**
   * Keeps a content while `use` makes an artifact of it, with `save`. It stays when one has it then.
   * @throws CallerError INSUFFICIENT_STORAGE
   */
  async keepFor<T>(file: StagedFile, use: () => Promise<T>): Promise<T> {
    // Reserved first: from then on nobody deletes a blob of this content.
    await this.#pool.query(
      `INSERT INTO artifact_blob AS blob (sha256, size, uploads, reserved_until) VALUES ($1, $2, 1, $3)
       ON CONFLICT (sha256) DO UPDATE SET
         uploads = CASE WHEN blob.reserved_until < now() THEN 1 ELSE blob.uploads + 1 END,
         reserved_until = excluded.reserved_until`,
      [file.sha256, file.size, new Date(Date.now() + reservationMs)],
    );
    let isUsed = false;
    try {
      await this.blobs.put(file);
      const result = await use();
      isUsed = true;
      return result;
    } finally {
      await this.#pool.query(
        'UPDATE artifact_blob SET uploads = greatest(uploads - 1, 0) WHERE sha256 = $1',
        [file.sha256],
      );
      if (!isUsed) await this.release(file.sha256);
    }
  }

  /** Makes a kept content an artifact; the result is the one that had its name before. */
  async save(client: PoolClient, artifact: Omit<ArtifactRecord, 'size'>): Promise<ArtifactRecord | null> {
    const { rows } = await client.query<ArtifactRecord>(
      `${selectArtifacts} WHERE trial_id = $1 AND name = $2`,
      [artifact.trialId, artifact.name],
    );
    await client.query(
      `INSERT INTO artifact (trial_id, name, sha256, content_type, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (trial_id, name) DO UPDATE SET
         sha256 = excluded.sha256, content_type = excluded.content_type, created_at = excluded.created_at`,
      [artifact.trialId, artifact.name, artifact.sha256, artifact.contentType, artifact.createdAt],
    );
    return rows[0] ?? null;
  }

  async remove(client: PoolClient, trialId: number, name: string): Promise<void> {
    await client.query('DELETE FROM artifact WHERE trial_id = $1 AND name = $2', [trialId, name]);
  }

  /** Deletes a blob unless an artifact has it or another upload has reserved it. */
  async release(sha256: string): Promise<void> {
    await withTransaction(this.#pool, async (client) => {
      // The lock first: an artifact that comes meanwhile is seen by the statement after it.
      await client.query('SELECT FROM artifact_blob WHERE sha256 = $1 FOR UPDATE', [sha256]);
      const { rowCount } = await client.query(
        `DELETE FROM artifact_blob AS blob
         WHERE sha256 = $1 AND (uploads = 0 OR reserved_until < now())
           AND NOT EXISTS (SELECT FROM artifact WHERE artifact.sha256 = blob.sha256)`,
        [sha256],
      );
      // While the row is locked: whoever keeps this content again puts it there after this.
      if (rowCount === 1) await this.blobs.delete(sha256);
    });
  }

  /** Blobs that no artifact has. */
  async unused(): Promise<string[]> {
    const { rows } = await this.#pool.query<{ sha256: string }>(
      `SELECT sha256 FROM artifact_blob AS blob
       WHERE (uploads = 0 OR reserved_until < now())
         AND NOT EXISTS (SELECT FROM artifact WHERE artifact.sha256 = blob.sha256)
       LIMIT ${maxBlobsPerSearch}`,
    );
    return rows.map((row) => row.sha256);
  }
}

const selectArtifacts = `
  SELECT trial_id AS "trialId", artifact.name, blob.size::float8 AS size, sha256, content_type AS "contentType",
         artifact.created_at AS "createdAt"
  FROM artifact JOIN artifact_blob AS blob USING (sha256)`;
