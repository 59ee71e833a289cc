import type { Aftermath } from '../aftermath.ts';

/** PostgreSQL has no rows without their owner, and its sums are those of what is summed. */
export async function orphanRows({ arena }: Aftermath): Promise<string[]> {
  return arena.sql(async (client) => {
    const faults: string[] = [];
    for (const [what, query] of Object.entries(queries)) {
      const { rows } = await client.query(query);
      faults.push(...rows.map((row) => `${what}: ${JSON.stringify(row)}`));
    }
    return faults;
  });
}

const points = `
  SELECT series_id, study_id, points, commit AS first_commit, commit AS last_commit FROM metric_chunk
  UNION ALL SELECT series_id, study_id, points, first_commit, last_commit FROM metric_block`;

const queries = {
  'a study without a clock for its metrics': `
    SELECT id FROM study LEFT JOIN metric_clock ON study_id = id WHERE study_id IS NULL`,
  'a clock without a study': `
    SELECT study_id FROM metric_clock LEFT JOIN study ON study_id = id WHERE id IS NULL`,
  'trials that are not counted': `
    SELECT study.id, trial_count, count(trial.id) FROM study LEFT JOIN trial ON study_id = study.id
    GROUP BY study.id HAVING trial_count <> count(trial.id) OR trial_count <> coalesce(max(number) + 1, 0)`,
  'an event of a trial that is not in its study': `
    SELECT event.study_id, sequence FROM study_event AS event
    LEFT JOIN trial ON trial.id = trial_id AND trial.study_id = event.study_id
    WHERE trial_id IS NOT NULL AND trial.id IS NULL`,
  'points in the journal without a study': `
    SELECT study_id FROM metric_journal LEFT JOIN study ON study_id = id WHERE id IS NULL`,
  'points without a series of their study': `
    SELECT part.* FROM (${points}) AS part
    LEFT JOIN metric_series AS series ON series.id = series_id AND series.study_id = part.study_id
    WHERE series.id IS NULL`,
  'a series whose points are not as many as it says': `
    SELECT series.id, count, sum(points) FROM metric_series AS series
    LEFT JOIN (${points}) AS part ON series_id = series.id
    GROUP BY series.id HAVING count IS DISTINCT FROM sum(points) OR series.last_commit IS DISTINCT FROM max(part.last_commit)`,
  'a series of a trial that is in another study': `
    SELECT series.id FROM metric_series AS series JOIN trial ON trial.id = trial_id
    WHERE trial.study_id <> series.study_id`,
  'a commit of metrics that the clock has not counted': `
    SELECT clock.study_id FROM metric_clock AS clock LEFT JOIN (
      SELECT study_id, last_commit FROM (${points}) AS stored UNION ALL SELECT study_id, commit FROM metric_journal
    ) AS part USING (study_id)
    GROUP BY clock.study_id, clock.last_commit HAVING clock.last_commit <> coalesce(max(part.last_commit), 0)`,
  'a log whose lines are not as many as it says': `
    SELECT trial_id, line_count FROM trial_log LEFT JOIN trial_log_chunk AS chunk USING (trial_id)
    GROUP BY trial_id, line_count HAVING line_count <> coalesce(sum(cardinality(lines)), 0)`,
  'a trial that runs without a lease': `SELECT id FROM trial WHERE state = 'RUNNING' AND lease_until IS NULL`,
  'an attempt that stored batches and never was': `
    SELECT trial_id FROM metric_batches JOIN trial ON id = trial_id WHERE metric_batches.attempt > trial.attempt`,
};
