import type { Pool } from 'pg';
import type { BestSoFar } from '../core/pareto/best-so-far.ts';
import type { StudyRecord } from './records.ts';

/** `bestSoFar` of a study that is not in memory: one pass over its results for each objective. */
export async function readBestSoFar(pool: Pool, study: StudyRecord): Promise<BestSoFar[]> {
  const metrics = study.objectives.map(({ metric }) => metric);
  return Promise.all(
    study.objectives.map(async ({ metric, direction }) => {
      const best = direction === 'MINIMIZE' ? 'min' : 'max';
      const better = direction === 'MINIMIZE' ? '<' : '>';
      const { rows } = await pool.query<BestSoFar>(
        `WITH result AS (
           SELECT number, (values ->> $2)::float8 AS value, row_number() OVER ending::integer AS results
           FROM trial
           WHERE study_id = $1 AND state = 'COMPLETED' AND feasible IS NOT FALSE
             AND (SELECT bool_and(jsonb_typeof(values -> metric) = 'number') FROM unnest($3::text[]) AS metric)
           WINDOW ending AS (ORDER BY finished_at, number)
         ), compared AS (
           SELECT *, ${best}(value) OVER (ORDER BY results ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
           FROM result
         )
         SELECT coalesce(array_agg(number ORDER BY results), '{}') AS numbers,
           coalesce(array_agg(results ORDER BY results), '{}') AS results,
           coalesce(array_agg(value ORDER BY results), '{}') AS values
         FROM compared WHERE before IS NULL OR value ${better} before`,
        [study.id, metric, metrics],
      );
      return rows[0]!;
    }),
  );
}
