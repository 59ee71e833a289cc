import type { ArtifactData } from '../../../client/index.ts';
import { Session } from '../../live/session.ts';

/** Types that run no script, whatever is in the file. */
const pictureTypes = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;
/** Larger ones are only downloaded. */
const maxPictureBytes = 20e6;

export function isPicture({ contentType, size }: ArtifactData): boolean {
  return pictureTypes.test(contentType) && size <= maxPictureBytes;
}

/** The content of a file of a trial, which an address alone could not get where the server wants a token. */
export async function readArtifact({ url, name }: ArtifactData): Promise<Blob> {
  const response = await fetch(url, { headers: Session.headers() });
  if (!response.ok) throw new Error(`${name} could not be read: the server answered ${response.status}.`);
  return response.blob();
}
