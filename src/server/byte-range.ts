import type { IncomingHttpHeaders } from 'node:http';
import type { ByteRange } from '../storage/artifacts/blob-store.ts';

/**
 * The part of a file that a request asks for (RFC 9110, 14.2). Several ranges, and units that are not known, ask for
 * the whole, as does `If-Range` for another version of the file.
 */
export function readRange(
  headers: IncomingHttpHeaders,
  size: number,
  etag: string,
): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))$/.exec(headers.range ?? '');
  if (match === null) return 'whole';
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== etag) return 'whole';
  const [, first, last, suffix] = match;
  const start = first === undefined ? Math.max(0, size - Number(suffix)) : Number(first);
  const end = first === undefined || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== undefined && last !== '' && Number(last) < start) return 'whole';
  return start < size && Number(suffix ?? 1) > 0 ? { start, end } : 'unsatisfiable';
}

/** Whether a client that sent this `If-None-Match` has the current version. */
export function isFreshFor(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch
    .split(',')
    .map((entry) => entry.trim().replace(/^W\//, ''))
    .some((entry) => entry === '*' || entry === etag);
}
