import { constants, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { TrialRecord } from '../storage/records.ts';
import type { ArtifactFile } from '../trainables/artifact.ts';
import type { TrialArtifacts } from './trial-artifacts.ts';

/** Stores the files of one attempt, one after the other, so that the last of a name wins. */
export class ArtifactQueue {
  readonly #artifacts: TrialArtifacts;
  readonly #trial: TrialRecord;
  #last: Promise<unknown> = Promise.resolve();

  constructor(artifacts: TrialArtifacts, trial: TrialRecord) {
    this.#artifacts = artifacts;
    this.#trial = trial;
  }

  /** Resolves to null when the file is stored, or to the reason why it is not. */
  store(file: ArtifactFile): Promise<string | null> {
    const stored = this.#last.then(() => this.#store(file));
    this.#last = stored;
    return stored;
  }

  /** Resolves when all that came so far are stored. */
  async drain(): Promise<void> {
    await this.#last;
  }

  async #store({ name, contentType, content }: ArtifactFile): Promise<string | null> {
    const { id: trialId, attempt } = this.#trial;
    let stream: Readable | undefined;
    try {
      stream = 'path' in content ? await openFile(content.path) : Readable.from([content.bytes]);
      await this.#artifacts.add({ trialId, attempt, name, contentType, content: stream });
      return null;
    } catch (error) {
      return (error as Error).message;
    } finally {
      // What storage has not read to its end.
      stream?.destroy();
    }
  }
}

/** Opened before there is a stream: that of a file that is not there would fail before anybody listens. */
async function openFile(path: string): Promise<Readable> {
  // Without it a pipe that nobody writes to would hold one of the few threads in which this process opens files.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  if ((await file.stat()).isFile()) return file.createReadStream();
  await file.close();
  throw new Error(`${path} is a folder, a pipe or a device, and no file`);
}
