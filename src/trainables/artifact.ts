import { extname, resolve } from 'node:path';
import { artifactNameFault } from '../core/artifact-name.ts';
import { InputError } from '../core/errors.ts';
import { showJson } from '../core/json.ts';

/** What a file is made of: text, bytes, or a file on the disk of the machine that the trial runs on. */
export type ArtifactContent = string | Uint8Array | { readonly path: string };

/** A file on its way from a trial to storage: plain data, for messages between threads and processes. */
export interface ArtifactFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly path: string };
}

/** The artifact that holds a trial's newest checkpoint, whoever runs it. */
export const checkpointName = 'checkpoint';

const mediaTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
};

const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+( *;.*)?$/;

/**
 * Copies bytes, so that they can be given away.
 * @throws InputError for a name or media type that no artifact of a trial can have
 */
export function artifactFile(name: string, content: ArtifactContent, contentType?: string): ArtifactFile {
  const fault =
    name === checkpointName
      ? 'is where the trial keeps its checkpoints; choose another name.'
      : artifactNameFault(name);
  if (fault !== null) throw InputError.at(`artifact ${showJson(name)}`, fault);
  if (contentType !== undefined && !(mediaType.test(contentType) && contentType.length <= 200)) {
    const remedy = 'must be a media type such as image/png, of at most 200 characters, not';
    throw InputError.at('contentType', `${remedy} ${showJson(contentType)}.`);
  }
  const byName = mediaTypes[extname(name).toLowerCase()];
  const byDefault = typeof content === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream';
  return { name, contentType: contentType ?? byName ?? byDefault, content: toContent(content) };
}

function toContent(content: ArtifactContent): ArtifactFile['content'] {
  if (typeof content === 'string') return { bytes: new TextEncoder().encode(content) };
  // Of a part of a buffer that part alone.
  if (content instanceof Uint8Array) return { bytes: new Uint8Array(content) };
  return { path: resolve(content.path) };
}
