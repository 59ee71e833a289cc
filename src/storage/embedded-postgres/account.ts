import { spawnSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { StorageStartError } from '../startup-error.ts';

/** How to start PostgreSQL so that it accepts its user: it refuses to run as root. */
export interface Account {
  /** The owner of the server's files, as this process sees it. */
  readonly uid: number;
  readonly gid: number;
  /** Words to put before a command. */
  readonly prefix: readonly string[];
  /** Whether the command must be spawned with this uid and gid. */
  readonly switchesUser: boolean;
}

/**
 * Chooses the account that owns `dataDir` and runs PostgreSQL there, and hands it the directory if it has none yet.
 *
 * A normal user runs it directly. Root runs it as the directory's owner when that is somebody else. Otherwise root
 * becomes "nobody" in a user namespace, which leaves its own files within reach (also under /root), or, where
 * namespaces are forbidden as in most containers, becomes the real user nobody and gives it the directory.
 *
 * @throws StorageStartError when no account can run `postgres` and write in `dataDir`.
 */
export function chooseAccount(postgres: string, dataDir: string): Account {
  const owner = statSync(dataDir);
  const uid = process.getuid!();
  const gid = process.getgid!();
  if (uid !== 0) {
    if (owner.uid === uid) return { uid, gid, prefix: [], switchesUser: false };
    throw new StorageStartError(
      `The data directory ${dataDir} belongs to the user with the id ${owner.uid}, not to you (${uid}). ` +
        `Start the server as that user, choose another data directory, or run: chown -R ${uid} ${dataDir}`,
    );
  }

  const failures: string[] = [];
  for (const account of owner.uid === 0 ? rootsAccounts() : [userAccount(owner.uid, owner.gid)]) {
    if (account.uid !== owner.uid) giveTree(dataDir, account);
    const failure = probe(account, postgres, dataDir);
    if (failure === undefined) return account;
    failures.push(failure);
    if (account.uid !== owner.uid) giveTree(dataDir, owner);
  }
  throw new StorageStartError(
    `PostgreSQL refuses to run as root, and no other account works here:\n  ${failures.join('\n  ')}\n` +
      'Start the server as a normal user, move the project and its data where every user may enter, ' +
      'or set DATABASE_URL to a PostgreSQL 14 or newer.',
  );
}

function rootsAccounts(): Account[] {
  const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];
  const accounts: Account[] = [{ uid: 0, gid: 0, prefix: namespace, switchesUser: false }];
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'nobody']).stdout || Number.NaN),
  );
  if (uid && gid) accounts.push(userAccount(uid, gid));
  return accounts;
}

function userAccount(uid: number, gid: number): Account {
  return { uid, gid, prefix: [], switchesUser: true };
}

/** The reason why an account cannot run PostgreSQL in a directory; undefined when it can. */
function probe(account: Account, postgres: string, dataDir: string): string | undefined {
  const [program, ...args] = [
    ...account.prefix,
    ...[
      'sh',
      '-c',
      '"$1" --version >/dev/null && test -w "$2" && test -x "$2" || exit 1',
      'sh',
      postgres,
      dataDir,
    ],
  ] as [string, ...string[]];
  const { status, stderr, error } = spawnSync(program, args, {
    ...(account.switchesUser && { uid: account.uid, gid: account.gid }),
    cwd: '/',
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (status === 0) return undefined;
  const name = account.prefix[0] ?? `user ${account.uid}`;
  return `${name}: ${error?.message ?? (stderr.trim() || `cannot enter or write ${dataDir}`)}`;
}

function giveTree(dataDir: string, to: { uid: number; gid: number }): void {
  chownSync(dataDir, to.uid, to.gid);
  spawnSync('chown', ['-Rh', `${to.uid}:${to.gid}`, dataDir]);
}
