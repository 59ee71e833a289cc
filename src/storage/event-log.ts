import type { Pool, PoolClient } from 'pg';
import { type StudyEventRecord, studyColumns, trialColumns } from './records.ts';

/**
 * The study's events after a cursor, in order; at most `limit`. Each carries the trial (or the study) as it was right
 * after the event: the row of today with the changeable columns of then.
 */
export async function readEvents(
  connection: Pool | PoolClient,
  studyId: number,
  after: number,
  limit: number,
): Promise<StudyEventRecord[]> {
  const { rows } = await connection.query<
    { event: Omit<StudyEventRecord, 'trial' | 'study'> } & Record<string, unknown>
  >(selectEvents, [studyId, after, limit]);
  return rows.map(toEvent);
}

const selectEvents = `
  SELECT event.study_id AS "event.studyId", event.sequence AS "event.sequence", event.kind AS "event.kind",
         event.at AS "event.at", ${prefixed('trial', trialColumns)}, ${prefixed('study', studyColumns)}
  FROM study_event AS event
  LEFT JOIN trial AS current_trial ON current_trial.id = event.trial_id
  LEFT JOIN LATERAL json_populate_record(
    current_trial, CASE WHEN event.trial_id IS NOT NULL THEN event.change ELSE '{}' END
  ) AS trial ON TRUE
  LEFT JOIN study AS current_study ON current_study.id = event.study_id AND event.trial_id IS NULL
  LEFT JOIN LATERAL json_populate_record(
    current_study, CASE WHEN event.trial_id IS NULL THEN event.change ELSE '{}' END
  ) AS study ON TRUE
  WHERE event.study_id = $1 AND event.sequence > $2
  ORDER BY event.sequence
  LIMIT $3`;

function prefixed(prefix: string, columns: string): string {
  return columns.replaceAll('AS "', `AS "${prefix}.`);
}

function toEvent(row: Record<string, unknown>): StudyEventRecord {
  const event: Record<string, unknown> = {};
  const trial: Record<string, unknown> = {};
  const study: Record<string, unknown> = {};
  const parts: Record<string, Record<string, unknown>> = { event, trial, study };
  for (const [name, value] of Object.entries(row)) {
    const dot = name.indexOf('.');
    parts[name.slice(0, dot)]![name.slice(dot + 1)] = value;
  }
  return {
    ...event,
    trial: trial.id === null ? null : trial,
    study: study.id === null ? null : study,
  } as unknown as StudyEventRecord;
}
