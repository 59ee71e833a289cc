import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { batchColumns, batchesPerTrial, seriesNames, stepsPerBatch, trialCount } from './workload.ts';

const signature = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const trailer = Buffer.from([0xff, 0xff]);
/** A field count of 2 bytes, and 4 bytes of length before each of the fields. */
const rowBytes = 2 + (4 + 4) + (4 + 4) + (4 + 8) + (4 + 8);

/** Points a second that one connection takes as `COPY ... BINARY` of rows (series, step, value, time), encoded before. */
export async function copyPointsPerSecond(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(
      'CREATE TABLE copy_reference (series integer, step integer, value double precision, time double precision)',
    );
    const batches: Buffer[] = [];
    for (let batch = 0; batch < batchesPerTrial; batch++) {
      for (let trial = 0; trial < trialCount; trial++) batches.push(encodeBatch(trial, batch));
    }
    const start = performance.now();
    const stream = client.query(copyFrom('COPY copy_reference FROM STDIN (FORMAT binary)'));
    stream.write(signature);
    for (const batch of batches) {
      if (!stream.write(batch)) await once(stream, 'drain');
    }
    stream.end(trailer);
    await finished(stream);
    const seconds = (performance.now() - start) / 1000;
    await client.query('DROP TABLE copy_reference');
    return (batches.length * stepsPerBatch * seriesNames.length) / seconds;
  } finally {
    await client.end();
  }
}

function encodeBatch(trial: number, batch: number): Buffer {
  const rows = Buffer.alloc(seriesNames.length * stepsPerBatch * rowBytes);
  let at = 0;
  for (let series = 0; series < seriesNames.length; series++) {
    const { steps, values, times } = batchColumns(batch);
    for (let i = 0; i < stepsPerBatch; i++) {
      at = rows.writeInt16BE(4, at);
      at = rows.writeInt32BE(4, at);
      at = rows.writeInt32BE(trial * seriesNames.length + series, at);
      at = rows.writeInt32BE(4, at);
      at = rows.writeInt32BE(steps[i]!, at);
      at = rows.writeInt32BE(8, at);
      at = rows.writeDoubleBE(values[i]!, at);
      at = rows.writeInt32BE(8, at);
      at = rows.writeDoubleBE(times[i]!, at);
    }
  }
  return rows;
}
