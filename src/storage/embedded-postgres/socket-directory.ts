import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageStartError } from '../startup-error.ts';
import type { Account } from './account.ts';

/** A Unix socket's path holds at most 107 bytes on Linux and 103 on macOS. */
const longestSocketPath = 103;
const socketName = '.s.PGSQL.5432';

/**
 * A short directory for the server's socket, the same at each start on a data directory. Only its owner may
 * enter, which is all the authentication there is: whoever reaches the socket is the database's superuser.
 */
export async function prepareSocketDirectory(dataDir: string, account: Account): Promise<string> {
  const name = `trialgraph-${account.uid}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
  const fits = Buffer.byteLength(join(tmpdir(), name, socketName)) <= longestSocketPath;
  const path = join(fits ? tmpdir() : '/tmp', name);
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  // The name can be foreseen, and /tmp is open to all: trust the directory only if it is ours.
  const found = await lstat(path);
  if (!found.isDirectory() || (found.uid !== account.uid && found.uid !== process.getuid?.())) {
    throw new StorageStartError(
      `${path} belongs to somebody else. Remove it, or set TMPDIR to a private directory.`,
    );
  }
  if (found.uid !== account.uid) await chown(path, account.uid, account.gid);
  await chmod(path, 0o700);
  return path;
}
