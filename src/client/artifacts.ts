/** What a file is made of; a Blob may be larger than memory, such as that of Node's `fs.openAsBlob`. */
export type ArtifactContent = string | ArrayBuffer | Uint8Array | Blob;

export interface UploadOptions {
  /** Its media type; that of the Blob, text/plain for strings, or application/octet-stream where absent. */
  readonly contentType?: string;
  /** Gives up the upload. */
  readonly signal?: AbortSignal;
}

/** The file with a trial's newest checkpoint. The server deletes one of this media type when the trial has ended. */
export const checkpointName = 'checkpoint';
export const checkpointType = 'application/vnd.trialgraph.checkpoint';

/** Where the server has a file. */
export function artifactPath(trial: string, name: string): string {
  // Slashes too: parts such as ".." would be followed on the way, where the server could not refuse them.
  return `/artifacts/${trial}/${encodeURIComponent(name)}`;
}

export async function uploadRequest(
  content: ArtifactContent,
  { contentType }: UploadOptions,
): Promise<RequestInit> {
  const body =
    content instanceof Blob
      ? content
      : new Blob([content as Exclude<typeof content, Uint8Array> | Uint8Array<ArrayBuffer>]);
  const byDefault = typeof content === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream';
  const digest = await sha256(body);
  return {
    method: 'PUT',
    headers: {
      'content-type': contentType ?? (body.type === '' ? byDefault : body.type),
      ...(digest !== null && { 'content-digest': `sha-256=:${digest}:` }),
    },
    body,
  };
}

/** The platform's digest wants all bytes at once. */
const maxDigestBytes = 64 * 2 ** 20;

async function sha256(content: Blob): Promise<string | null> {
  // Browsers have it on pages of https and of this machine alone.
  if (content.size > maxDigestBytes || crypto.subtle === undefined) return null;
  const digest = await crypto.subtle.digest('SHA-256', await content.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
