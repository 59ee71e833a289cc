import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { OperatorError } from '../core/errors.ts';
import { openRemote, type RemoteOptions } from './remote.ts';

export interface ImportOptions extends RemoteOptions {
  readonly name?: string;
  readonly project?: string;
}

/** Makes a study of a file that `export` has written. */
export async function importStudy(file: string, options: ImportOptions): Promise<void> {
  const remote = await openRemote(options);
  const { size } = await stat(file).catch((error) => {
    throw new OperatorError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  });
  const names = Object.entries({ name: options.name, project: options.project });
  const query = new URLSearchParams(
    names.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const response = await remote.request(`/import?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/zip', 'content-length': String(size) },
    body: Readable.toWeb(createReadStream(file)) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  const { id, name } = (await response.json()) as { id: string; name: string };
  console.log(`Imported ${file} as ${id} ("${name}")`);
}
