import pg, { type Pool } from 'pg';

/** Before the first row: a signature of 11 bytes, the flags, and the length of an extension, which is 0. */
const headerBytes = 19;
/** Instead of a row's number of fields, after the last row. */
const trailer = -1;

/** The fields of one row in PostgreSQL's binary form; null for NULL. They last until the function returns. */
export type TakeRow = (fields: readonly (Buffer | null)[]) => void;

/**
 * Reads the rows of a query as `COPY ... (FORMAT binary)`. The driver's own results are text, in which a bytea has
 * twice its bytes, and is read through a string.
 * @param query without parameters, which COPY does not take
 */
export async function copyRows(pool: Pool, query: string, takeRow: TakeRow): Promise<void> {
  const client = await pool.connect();
  const ignore = () => {};
  // A connection that breaks fails the copy; the event that it emits as well would end the process.
  client.on('error', ignore);
  let hasFailed = true;
  try {
    await new Promise<void>((resolve, reject) => {
      client.query(
        new CopyOut(`COPY (${query}) TO STDOUT (FORMAT binary)`, takeRow, (error) =>
          error == null ? resolve() : reject(error),
        ),
      );
    });
    hasFailed = false;
  } finally {
    client.off('error', ignore);
    // A failure may be the first sign of a connection's end, which must not serve anybody else.
    client.release(hasFailed);
  }
}

/** A query that is answered with the data of a copy, a row a message. */
class CopyOut extends pg.Query {
  readonly #takeRow: TakeRow;
  #isFirst = true;
  #error: unknown = null;

  constructor(text: string, takeRow: TakeRow, done: (error: unknown) => void) {
    super(text, (error: unknown) => done(error ?? this.#error));
    this.#takeRow = takeRow;
  }

  /** Called by the driver. An error thrown here would end the process, and so waits for the end of the copy. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (this.#error !== null) return;
    try {
      const start = this.#isFirst ? headerBytes : 0;
      this.#isFirst = false;
      if (start < chunk.length && chunk.readInt16BE(start) !== trailer) this.#takeRow(fieldsOf(chunk, start));
    } catch (error) {
      this.#error = error;
    }
  }
}

function fieldsOf(row: Buffer, start: number): (Buffer | null)[] {
  const fields: (Buffer | null)[] = [];
  let at = start + 2;
  for (let left = row.readInt16BE(start); left > 0; left--) {
    const length = row.readInt32BE(at);
    at += 4;
    fields.push(length < 0 ? null : row.subarray(at, at + length));
    at += Math.max(length, 0);
  }
  return fields;
}
