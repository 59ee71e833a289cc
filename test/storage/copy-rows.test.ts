import { expect, test } from 'vitest';
import { copyRows } from '../../src/storage/copy-rows.ts';
import { createTestDatabase } from '../support/postgres.ts';

const { pool } = await createTestDatabase();

async function read(query: string): Promise<(Buffer | null)[][]> {
  const rows: (Buffer | null)[][] = [];
  await copyRows(pool, query, (fields) => rows.push(fields.map((field) => field && Buffer.from(field))));
  return rows;
}

test('gives each row with its bytes, nulls and empty fields', async () => {
  expect(await read(`VALUES (1, '\\x00ff0a5c'::bytea, NULL::text), (-2, '', '')`)).toEqual([
    [Buffer.of(0, 0, 0, 1), Buffer.of(0, 0xff, 0x0a, 0x5c), null],
    [Buffer.of(0xff, 0xff, 0xff, 0xfe), Buffer.of(), Buffer.of()],
  ]);
});

test('gives nothing where there are no rows', async () => {
  expect(await read('SELECT 1 WHERE false')).toEqual([]);
});

test('gives rows that are larger than what comes at once, in their order', async () => {
  const query = `SELECT n, convert_to(repeat(chr(97 + n % 26), 300000), 'UTF8') FROM generate_series(0, 40) AS n`;
  const rows = await read(query);
  expect(rows.map(([n]) => n!.readInt32BE())).toEqual(Array.from({ length: 41 }, (_, n) => n));
  for (const [n, bytes] of rows) {
    expect(bytes!.equals(Buffer.alloc(300_000, 97 + (n!.readInt32BE() % 26)))).toBe(true);
  }
});

test('fails as the query does, even after its first rows, and as its reader does', async () => {
  await expect(read('SELECT wrong')).rejects.toThrow('column "wrong" does not exist');
  await expect(read('SELECT 1 / (500 - n) FROM generate_series(1, 1000) AS n')).rejects.toThrow('division');
  const copy = copyRows(pool, 'SELECT n FROM generate_series(1, 1000) AS n', () => {
    throw new Error('enough');
  });
  await expect(copy).rejects.toThrow('enough');
  expect(await read('SELECT 7')).toEqual([[Buffer.of(0, 0, 0, 7)]]);
});

test('fails where its connection breaks, and leaves the pool in order', async () => {
  const failing = expect(read('SELECT pg_sleep(60)')).rejects.toThrow();
  await expect
    .poll(async () => {
      const { rowCount } = await pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'COPY%' AND pid <> pg_backend_pid()`,
      );
      return rowCount;
    })
    .toBe(1);
  await failing;
  expect(await read('SELECT 7')).toEqual([[Buffer.of(0, 0, 0, 7)]]);
});
