import type { PoolClient } from 'pg';
import { describe, expect, test } from 'vitest';
import { withPipelinedTransaction, withTransaction } from '../../src/storage/transaction.ts';
import { createTestDatabase } from '../support/postgres.ts';

const { pool } = await createTestDatabase();
await pool.query('CREATE TABLE note (text text)');

describe('a transaction', () => {
  test('commits what its work did, and returns what it returned', async () => {
    expect(
      await withTransaction(pool, (client) => client.query(`INSERT INTO note VALUES ('kept')`)),
    ).toMatchObject({
      rowCount: 1,
    });
    expect(await notes()).toEqual(['kept']);
  });

  test('leaves nothing behind when its work throws', async () => {
    const work = withTransaction(pool, async (client) => {
      await client.query(`INSERT INTO note VALUES ('lost')`);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await notes()).toEqual(['kept']);
  });

  test('tells of the statement that failed, not of those after it that failed with it', async () => {
    const deeper = async (client: PoolClient) => {
      await Promise.all([Promise.all([client.query('SELECT 1 / 0')])]);
    };
    for (const run of [withTransaction, withPipelinedTransaction]) {
      const work = run(pool, (client) => Promise.all([deeper(client), client.query('SELECT 1')]));
      await expect(work).rejects.toThrow('division by zero');
    }
  });

  test('whose connection breaks rejects, and the pool goes on with others', async () => {
    const work = withTransaction(pool, async (client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await client.query(`INSERT INTO note VALUES ('lost')`);
    });
    await expect(work).rejects.toThrow();
    expect(await notes()).toEqual(['kept']);
  });
});

async function notes(): Promise<string[]> {
  const { rows } = await pool.query<{ text: string }>('SELECT text FROM note');
  return rows.map((row) => row.text);
}
