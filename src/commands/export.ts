import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createClient } from '../client/index.ts';
import { OperatorError } from '../core/errors.ts';
import { openRemote, type Remote, type RemoteOptions } from './remote.ts';

export interface ExportOptions extends RemoteOptions {
  readonly format: string;
  readonly project: string;
  /** A file; `-` is the standard output. */
  readonly output?: string;
}

/** Writes a study, given by its id or name, into a zip file. */
export async function exportStudy(study: string, options: ExportOptions): Promise<void> {
  const remote = await openRemote(options);
  const id = await findStudy(remote, study, options.project);
  const response = await remote.request(`/export/${id}.zip?format=${encodeURIComponent(options.format)}`);
  const content = Readable.fromWeb(response.body as never);
  if (options.output === '-') return pipeline(content, process.stdout);
  const file = options.output ?? `${id}.zip`;
  // Whoever sees the file under its name sees all of it.
  const partial = `${file}.partial`;
  try {
    await pipeline(content, createWriteStream(partial));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw new OperatorError(`${file} could not be written: ${(error as Error).message}`, { cause: error });
  }
  console.error(`Exported ${id} to ${file}`);
}

async function findStudy({ url, token }: Remote, study: string, project: string): Promise<string> {
  if (/^study-\d+$/.test(study)) return study;
  const client = createClient({ url, retryForMs: 0, ...(token !== undefined && { token }) });
  try {
    const found = await client.studies.byName(study, { project });
    if (found !== null) return found.id;
    throw new OperatorError(`The project "${project}" has no study with the name "${study}".`);
  } catch (error) {
    throw error instanceof OperatorError
      ? error
      : new OperatorError((error as Error).message, { cause: error });
  }
}
