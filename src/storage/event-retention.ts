import type { Pool } from 'pg';

const maxRows = 5000;

/**
 * Deletes a bounded part of the events that are older than the newest `keep` of their study.
 * @returns how many were deleted; 0: no study has more
 */
export async function deleteOldEvents(pool: Pool, keep: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM study_event WHERE (study_id, sequence) IN (
       SELECT old.study_id, old.sequence FROM study
       JOIN LATERAL (
         SELECT study_id, sequence FROM study_event
         WHERE study_id = study.id AND sequence <= study.last_event - $1 LIMIT $2
       ) AS old ON TRUE
       WHERE study.last_event > $1 LIMIT $2
     )`,
    [keep, maxRows],
  );
  return rowCount!;
}
