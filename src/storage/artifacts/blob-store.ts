import type { Readable } from 'node:stream';

/** A complete file, on its way into a blob store. */
export interface StagedFile {
  readonly path: string;
  readonly size: number;
  /** Of its content, in lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Bytes of a blob; both ends belong to the range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Keeps contents under their sha256 digests. */
export interface BlobStore {
  /** What it is and where, in words. */
  readonly description: string;
  /**
   * Keeps a content; resolves when it is safe. The file itself may be taken away. Keeping again what is there already
   * changes nothing.
   * @throws CallerError INSUFFICIENT_STORAGE
   */
  put(file: StagedFile): Promise<void>;
  /**
   * Resolves when the first bytes can be read.
   * @throws BlobMissing
   */
  open(sha256: string, range?: ByteRange): Promise<Readable>;
  /** Deleting what is not there changes nothing. */
  delete(sha256: string): Promise<void>;
}

/** The table knows a blob that its store does not have: somebody has removed it from there. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';

  constructor(sha256: string, store: string) {
    super(`The file with the sha256 ${sha256} is missing in ${store}. Restore it there from a backup.`);
  }
}
