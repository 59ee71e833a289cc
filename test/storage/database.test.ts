import { expect, test } from 'vitest';
import { openDatabase } from '../../src/storage/database.ts';
import { isOutage } from '../../src/storage/outage.ts';
import { behindLossyConnections } from '../support/lossy-database.ts';
import { createTestDatabase } from '../support/postgres.ts';

const lossy = await behindLossyConnections(await createTestDatabase());

test('a connection that is terminated just as it goes from one user to the next harms only that one', async () => {
  const database = await openDatabase({ databaseUrl: lossy.url, dataDir: '', maxConnections: 1 });
  for (let round = 0; round < 5; round++) {
    lossy.terminateAfterNextAnswer();
    const first = database.pool.query('SELECT 1 AS one');
    const second = database.pool.connect().then(async (client) => {
      await client.query('SELECT 2').finally(() => client.release(true));
    });
    const [one, two] = await Promise.allSettled([first, second]);
    expect(one).toMatchObject({ status: 'fulfilled', value: { rows: [{ one: 1 }] } });
    expect([two.status, two.status === 'rejected' && isOutage(two.reason)]).toEqual(['rejected', true]);
    expect((await database.pool.query('SELECT 3 AS three')).rows).toEqual([{ three: 3 }]);
  }
  await database.close();
  await lossy[Symbol.asyncDispose]();
});
