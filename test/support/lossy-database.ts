import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestDatabase } from './postgres.ts';

/** A database whose connections break at chosen moments. */
export interface LossyDatabase extends TestDatabase {
  /** The next commit is made, and its connection broken before anybody hears of it. Resolves when that has happened. */
  loseNextCommit(): Promise<void>;
  /** The next answer is followed, in the same piece, by the news that the connection is terminated. */
  terminateAfterNextAnswer(): void;
}

let opened = 0;

export async function behindLossyConnections(database: TestDatabase): Promise<LossyDatabase> {
  const sockets = new Set<Socket>();
  let onLoss: (() => void) | null = null;
  let isTerminating = false;
  const server = createServer((near) => {
    const far = connectTo(database.url);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    let isLosing = false;
    near.on('data', (bytes) => {
      if (onLoss !== null && bytes.includes('COMMIT')) isLosing = true;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (isTerminating && bytes.at(-6) === readyForQuery) {
        isTerminating = false;
        near.end(Buffer.concat([bytes, termination]));
        return;
      }
      if (!isLosing) {
        near.write(bytes);
        return;
      }
      near.destroy();
      onLoss?.();
      onLoss = null;
    });
  });
  const directory = join(tmpdir(), `trialgraph-lossy-${process.pid}-${++opened}`);
  await mkdir(directory);
  await new Promise<void>((resolve) => server.listen(join(directory, '.s.PGSQL.5432'), resolve));
  const url = new URL(database.url);
  url.searchParams.set('host', directory);
  url.host = 'localhost:5432';
  const pool = new pg.Pool({ connectionString: url.href, pipeline: true });
  pool.on('error', () => {});
  return {
    url: url.href,
    pool,
    loseNextCommit: () =>
      new Promise((resolve) => {
        onLoss = resolve;
      }),
    terminateAfterNextAnswer: () => {
      isTerminating = true;
    },
    async [Symbol.asyncDispose]() {
      await pool.end();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const readyForQuery = 'Z'.charCodeAt(0);
const termination = errorResponse(
  'SFATAL',
  'VFATAL',
  'C57P01',
  'Mterminating connection due to administrator command',
);

/** A message of PostgreSQL's protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function errorResponse(...fields: readonly string[]): Buffer {
  const body = Buffer.from(`${fields.map((field) => `${field}\0`).join('')}\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** PostgreSQL's socket, as a URL of `pg` names it. */
function connectTo(databaseUrl: string): Socket {
  const { hostname, port, searchParams } = new URL(databaseUrl);
  const host = searchParams.get('host');
  if (host?.startsWith('/')) return connect(join(host, `.s.PGSQL.${port || 5432}`));
  return connect(Number(port || 5432), hostname);
}
