import type { Writable } from 'node:stream';
import type { Pool, PoolClient } from 'pg';

/** Runs `work` in one transaction; any error rolls it back and is thrown on. */
export function withTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return runTransaction(pool, 'BEGIN', work);
}

/**
 * The same in a single exchange with the database: `work` asks everything before it first waits, and the commit is asked
 * together with it. Where a statement fails, those after it do too, and nothing is committed.
 */
export function withPipelinedTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const workAndCommit = async (client: PoolClient): Promise<T> => {
    const [result] = await Promise.all([work(client), client.query('COMMIT')]);
    return result;
  };
  return runTransaction(pool, 'BEGIN', workAndCommit, null);
}

/** Runs `work` in one transaction; what `finish` asks before it first waits goes out together with the commit. */
export function withPipelinedEnd<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  finish: (result: T) => Promise<unknown>,
): Promise<T> {
  const workAndFinish = async (client: PoolClient): Promise<T> => {
    const result = await work(client);
    await inOneWrite(client, () => Promise.all([finish(result), client.query('COMMIT')]));
    return result;
  };
  return runTransaction(pool, 'BEGIN', workAndFinish, null);
}

/** Sends what `ask` asks before it first waits in one write: by itself, each statement would wake the database. */
function inOneWrite<T>(client: PoolClient, ask: () => T): T {
  const { stream } = (client as PoolClient & { readonly connection: { readonly stream: Writable } })
    .connection;
  stream.cork();
  try {
    return ask();
  } finally {
    stream.uncork();
  }
}

/** Runs reads that all see the database as it was at the first of them. */
export function inSnapshot<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return runTransaction(pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work);
}

async function runTransaction<T>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient) => Promise<T>,
  end: 'COMMIT' | null = 'COMMIT',
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  const failures: unknown[] = [];
  const listening = keepFailures(client, failures);
  // A connection that breaks fails its query; the event that it emits as well would end the process.
  client.on('error', ignore);
  try {
    const [result] = await inOneWrite(client, () => {
      const begun = client.query(begin);
      // On a pipelined connection the first statements of the work go out together with it.
      return Promise.all([work(listening), begun]);
    });
    if (end !== null) await client.query(end);
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw isAborted(error) ? (failures[0] ?? error) : error;
  } finally {
    client.off('error', ignore);
    // A connection that could not roll back must not serve anybody else.
    client.release(broken);
  }
}

/**
 * The client, with what its statements throw kept in order. Of statements that were asked together, those after one that
 * fails do too, and the work may hear of them first.
 */
function keepFailures(client: PoolClient, failures: unknown[]): PoolClient {
  const ask = client.query as (...statement: unknown[]) => Promise<unknown>;
  const query = (...statement: unknown[]): Promise<unknown> =>
    ask.apply(client, statement).catch((error) => {
      failures.push(error);
      throw error;
    });
  return Object.create(client, { query: { value: query } }) as PoolClient;
}

/** Whether a statement failed only since one before it did. */
function isAborted(error: unknown): boolean {
  return isDatabaseError(error) && error.code === '25P02';
}

export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return isDatabaseError(error) && error.code === '23505' && error.constraint === constraint;
}

/** Whether the database refused what it was given, rather than being unable to take it: SQLSTATE classes 22, 23, 54. */
export function isInputRefused(error: unknown): boolean {
  return isDatabaseError(error) && /^(22|23|54)/.test(error.code);
}

export function isDivisionByZero(error: unknown): boolean {
  return isDatabaseError(error) && error.code === '22012';
}

const ignore = (): void => {};

function isDatabaseError(error: unknown): error is Error & { code: string; constraint?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
