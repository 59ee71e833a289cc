import { LiveStudies } from '../../src/execution/live-studies.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { PostgresMetricStore } from '../../src/storage/postgres-metric-store.ts';
import { StudyStore } from '../../src/storage/study-store.ts';
import { TrialStore } from '../../src/storage/trial-store.ts';

// Run in a fresh process: loads a study from PostgreSQL, asks once, and prints how long both took together in
// milliseconds, from an open connection on.
const [databaseUrl, study] = process.argv.slice(2) as [string, string];
const database = await openDatabase({ databaseUrl, dataDir: '' });
const { pool, prisma } = database;
const metrics = new PostgresMetricStore(pool, () => {});
const start = performance.now();
const live = await new LiveStudies(pool, new StudyStore(prisma), new TrialStore(pool), metrics).get(
  Number(study),
);
live.suggest(live.view.trialCounts.total, {});
console.log(performance.now() - start);
await metrics.close();
await database.close();
