import type { Database } from '../../src/storage/database.ts';
import { PostgresMetricStore } from '../../src/storage/postgres-metric-store.ts';
import { StudyWriter } from '../../src/storage/study-writer.ts';

const parameterCount = 20;
const trialsPerGroup = 2000;
const metrics = ['loss', 'accuracy', 'seconds'];

/** Writes a finished study straight into the tables: trials with random parameters, three objectives, and curves. */
export async function generateStudy(
  { pool }: Database,
  { trialCount, pointsPerTrial }: { trialCount: number; pointsPerTrial: number },
): Promise<number> {
  const names = Array.from({ length: parameterCount }, (_, i) => `p${i}`);
  const study = await new StudyWriter(pool, () => {}).create(
    {
      name: 'generated',
      project: 'default',
      description: null,
      trainable: null,
      trainableOptions: {},
      objectives: [
        { metric: 'loss', direction: 'MINIMIZE' },
        { metric: 'accuracy', direction: 'MAXIMIZE' },
        { metric: 'seconds', direction: 'MINIMIZE' },
      ],
      constraints: [],
      scalarisation: null,
      searchSpace: Object.fromEntries(names.map((name) => [name, { type: 'float', low: 0, high: 1 }])),
      sampler: { kind: 'random' },
      pruner: null,
      stopRules: {},
      maxConcurrentTrials: null,
      priority: 0,
      isolation: null,
      trialTimeoutSeconds: null,
      retries: null,
      tags: [],
    },
    1,
  );
  await pool.query('SELECT setseed(0.5)');
  const params = names.map((name) => `'${name}', random()`).join(', ');
  const values = metrics.map((metric) => `'${metric}', random()`).join(', ');
  const { rows: trials } = await pool.query<{ id: number }>(
    `INSERT INTO trial (study_id, number, state, params, values, feasible, attempt, started_at, finished_at)
     SELECT $1, n, 'RUNNING', jsonb_build_object(${params}), jsonb_build_object(${values}), TRUE, 1,
            now() - interval '1 hour', now() - interval '1 hour' + random() * interval '600 seconds'
     FROM generate_series(0, $2::integer - 1) AS n
     RETURNING id`,
    [study.id, trialCount],
  );
  const metricStore = new PostgresMetricStore(pool, () => {});
  const steps = Int32Array.from({ length: pointsPerTrial }, (_, i) => i);
  for (let first = 0; pointsPerTrial > 0 && first < trials.length; first += trialsPerGroup) {
    const group = trials.slice(first, first + trialsPerGroup);
    await Promise.all(
      group.map(({ id }) =>
        metricStore.append({
          studyId: study.id,
          trialId: id,
          attempt: 1,
          batch: null,
          series: [
            {
              name: 'loss',
              steps,
              values: Float64Array.from(steps, () => Math.random()),
              times: Float64Array.from(steps),
            },
          ],
        }),
      ),
    );
  }
  await metricStore.close();
  await pool.query(
    `UPDATE trial SET state = (CASE WHEN number % 10 = 0 THEN 'PRUNED' ELSE 'COMPLETED' END)::trial_state
     WHERE study_id = $1`,
    [study.id],
  );
  await pool.query('UPDATE study SET trial_count = $2 WHERE id = $1', [study.id, trialCount]);
  await pool.query('VACUUM ANALYZE trial');
  return study.id;
}
