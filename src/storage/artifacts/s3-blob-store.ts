import { createReadStream } from 'node:fs';
import { finished, type Readable } from 'node:stream';
import type * as S3 from '@aws-sdk/client-s3';
import { OperatorError } from '../../core/errors.ts';
import { BlobMissing, type BlobStore, type ByteRange, type StagedFile } from './blob-store.ts';

/** Blobs as objects of a bucket of S3, or of a store that speaks its protocol. */
export class S3BlobStore implements BlobStore {
  readonly description: string;
  readonly #sdk: typeof S3;
  readonly #client: S3.S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  private constructor(sdk: typeof S3, url: URL) {
    this.#sdk = sdk;
    this.#bucket = url.hostname;
    const folder = url.pathname.replace(/^\/|\/$/g, '');
    this.#prefix = folder === '' ? '' : `${folder}/`;
    this.description = `the bucket ${this.#bucket}`;
    const endpoint = url.searchParams.get('endpoint');
    const region = url.searchParams.get('region');
    this.#client = new sdk.S3Client({
      ...(endpoint !== null && { endpoint, forcePathStyle: true, region: 'us-east-1' }),
      ...(region !== null && { region }),
      // Its own checksums travel in trailers, which not every store understands; sha256 is checked in any case.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  /**
   * @param url `s3://bucket/folder`, with `endpoint` and `region` as parameters; credentials come from where the AWS
   * tools look for them, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
   * @throws OperatorError when the client library is missing or the bucket cannot be reached
   */
  static async connect(url: string): Promise<S3BlobStore> {
    const store = new S3BlobStore(await loadSdk(), new URL(url));
    try {
      await store.#client.send(new store.#sdk.HeadBucketCommand({ Bucket: store.#bucket }));
    } catch (error) {
      throw new OperatorError(
        `artifacts.url (TRIALGRAPH_ARTIFACTS_URL): ${store.description} cannot be used (${reasonOf(error)}). ` +
          'Check its name, the endpoint, the region and the credentials.',
        { cause: error },
      );
    }
    return store;
  }

  async put({ path, size, sha256 }: StagedFile): Promise<void> {
    await this.#client.send(
      new this.#sdk.PutObjectCommand({
        ...this.#placeOf(sha256),
        Body: createReadStream(path),
        ContentLength: size,
        ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
      }),
    );
  }

  async open(sha256: string, range?: ByteRange): Promise<Readable> {
    try {
      const { Body } = await this.#client.send(
        new this.#sdk.GetObjectCommand({
          ...this.#placeOf(sha256),
          ...(range && { Range: `bytes=${range.start}-${range.end}` }),
        }),
      );
      const body = Body as Readable;
      // A connection that breaks before anybody listens must not end the process.
      finished(body, () => {});
      return body;
    } catch (error) {
      if (error instanceof this.#sdk.NoSuchKey) throw new BlobMissing(sha256, this.description);
      throw error;
    }
  }

  async delete(sha256: string): Promise<void> {
    await this.#client.send(new this.#sdk.DeleteObjectCommand(this.#placeOf(sha256)));
  }

  #placeOf(sha256: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${sha256.slice(0, 2)}/${sha256}` };
  }
}

/** The library is large, and most servers keep files on their disk. */
async function loadSdk(): Promise<typeof S3> {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    throw new OperatorError(
      'artifacts.url (TRIALGRAPH_ARTIFACTS_URL) needs the S3 client: npm install @aws-sdk/client-s3',
      { cause: error },
    );
  }
}

function reasonOf(error: unknown): string {
  const { name, message } = error as Error;
  return message === '' || message === 'UnknownError' ? name : message;
}
