import type { PoolClient } from 'pg';
import { byteaArray, float8Array, int4Array, textArray } from './binary-array.ts';
import { encodeColumn } from './column-codec.ts';
import { summarise, toBytes } from './metric-columns.ts';
import { encodeCommits, type PointsOfCommit } from './metric-parts.ts';
import type { NamedPoints } from './metric-store.ts';

/** Points of one series, one at least, in writing order. */
export interface SeriesPoints {
  readonly studyId: number;
  readonly trialId: number;
  readonly points: NamedPoints;
  /** Which commits they are of; null: all of the one that the study's clock tells. */
  readonly commits: readonly PointsOfCommit[] | null;
}

/** Stores a chunk a series, whose commits come after all that the series has, and brings the summaries up to date. */
export async function storeSeries(client: PoolClient, entries: readonly SeriesPoints[]): Promise<void> {
  const series = entries.map(({ studyId, trialId, points, commits }) => {
    const { minStep, lastStep, lastTime, lastValue, min, max } = summarise(points);
    return { studyId, trialId, points, commits, minStep, lastStep, lastTime, lastValue, min, max };
  });
  const columns = series.map(({ points }) => points);
  await client.query({
    name: 'store-series',
    text: `WITH stored AS (
       INSERT INTO metric_series AS series
         (study_id, trial_id, name, count, last_commit, last_step, last_time, last_value, min_value, max_value)
       SELECT study_id, trial_id, name, points, coalesce(commit, clock.last_commit), last_step, last_time, last_value,
         min, max
       FROM unnest($1::integer[], $2::integer[], $3::text[], $4::integer[], $5::integer[], $6::float8[], $7::float8[],
                   $8::float8[], $9::float8[], $14::integer[])
         AS given (study_id, trial_id, name, points, last_step, last_time, last_value, min, max, commit)
       JOIN metric_clock AS clock USING (study_id)
       ON CONFLICT (trial_id, name) DO UPDATE SET
         count = series.count + excluded.count,
         last_commit = excluded.last_commit,
         last_step = greatest(series.last_step, excluded.last_step),
         last_time = CASE WHEN excluded.last_step >= series.last_step THEN excluded.last_time ELSE series.last_time END,
         last_value = CASE WHEN excluded.last_step >= series.last_step THEN excluded.last_value ELSE series.last_value END,
         min_value = least(series.min_value, excluded.min_value),
         max_value = greatest(series.max_value, excluded.max_value)
       RETURNING id, trial_id, name, last_commit
     )
     INSERT INTO metric_chunk
       (series_id, commit, first_commit, commits, study_id, points, min_step, max_step, steps, values, times)
     SELECT stored.id, last_commit, coalesce(first_commit, last_commit), nullif(commits, ''), study_id, points, min_step,
       max_step, steps, values, times
     FROM unnest($1::integer[], $2::integer[], $3::text[], $4::integer[], $10::integer[], $5::integer[], $11::bytea[],
                 $12::bytea[], $13::bytea[], $15::integer[], $16::bytea[])
       AS given (study_id, trial_id, name, points, min_step, max_step, steps, values, times, first_commit, commits)
     JOIN stored USING (trial_id, name)`,
    values: [
      int4Array(series.map((entry) => entry.studyId)),
      int4Array(series.map((entry) => entry.trialId)),
      textArray(columns.map(({ name }) => name)),
      int4Array(columns.map(({ steps }) => steps.length)),
      int4Array(series.map((entry) => entry.lastStep)),
      float8Array(series.map((entry) => entry.lastTime)),
      float8Array(series.map((entry) => entry.lastValue)),
      float8Array(series.map((entry) => entry.min)),
      float8Array(series.map((entry) => entry.max)),
      int4Array(series.map((entry) => entry.minStep)),
      byteaArray(columns.map(({ steps }) => encodeColumn(steps))),
      byteaArray(columns.map(({ values }) => toBytes(values))),
      byteaArray(columns.map(({ times }) => encodeColumn(times))),
      int4Array(series.map(({ commits }) => commits?.at(-1)?.commit ?? null)),
      int4Array(series.map(({ commits }) => commits?.[0]?.commit ?? null)),
      byteaArray(series.map(({ commits }) => (commits === null ? noBytes : encodeCommits(commits)))),
    ],
  });
}

/** Stands for null. */
const noBytes = Buffer.alloc(0);
