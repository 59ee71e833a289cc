import type { Pool } from 'pg';
import { copyRows } from './copy-rows.ts';
import { orderBySteps, sliceSteps } from './metric-columns.ts';
import { decodeRows, type PointsRow } from './metric-rows.ts';
import type { NamedPoints, SeriesRequest } from './metric-store.ts';

interface Series {
  readonly id: string;
  readonly trialId: number;
  readonly name: string;
}

const [minInt32, maxInt32] = [-(2 ** 31), 2 ** 31 - 1];

/** See MetricStore.read. */
export async function readSeries(
  pool: Pool,
  trialIds: readonly number[],
  { names, fromStep = minInt32, toStep = maxInt32 }: SeriesRequest,
): Promise<Map<number, NamedPoints[]>> {
  const { rows: series } = await pool.query<Series>(
    `SELECT id, trial_id AS "trialId", name FROM metric_series
     WHERE trial_id = ANY ($1::integer[]) AND ($2::text[] IS NULL OR name = ANY ($2))
     ORDER BY trial_id, name`,
    [trialIds, names ?? null],
  );
  const result = new Map<number, NamedPoints[]>(trialIds.map((id) => [id, []]));
  if (series.length === 0) return result;
  const parts = await readParts(pool, series, clamp(fromStep), clamp(toStep));
  for (const { id, trialId, name } of series) {
    const ordered = orderBySteps(decodeRows(parts.get(id)!));
    result.get(trialId)!.push({ name, ...sliceSteps(ordered, fromStep, toStep) });
  }
  return result;
}

/** The blocks and chunks of each series that may have a step in the range, in writing order. */
async function readParts(
  pool: Pool,
  series: readonly Series[],
  fromStep: number,
  toStep: number,
): Promise<Map<string, PointsRow[]>> {
  const parts = new Map<string, PointsRow[]>(series.map(({ id }) => [id, []]));
  const inRange = `series_id = ANY ('{${[...parts.keys()].join()}}'::bigint[])
    AND min_step <= ${toStep} AND max_step >= ${fromStep}`;
  // One statement: a compaction in between could else move points past it.
  const query = `
    SELECT series_id, points, steps, values, times
    FROM (
      SELECT series_id, 0 AS level, start AS place, points, steps, values, times FROM metric_block WHERE ${inRange}
      UNION ALL
      SELECT series_id, 1, commit, points, steps, values, times FROM metric_chunk WHERE ${inRange}
    ) AS part
    ORDER BY series_id, level, place`;
  await copyRows(pool, query, ([seriesId, points, steps, values, times]) => {
    parts.get(String(seriesId!.readBigInt64BE()))!.push({
      points: points!.readInt32BE(),
      steps: Buffer.from(steps!),
      values: Buffer.from(values!),
      times: Buffer.from(times!),
    });
  });
  return parts;
}

function clamp(step: number): number {
  return Math.min(Math.max(step, minInt32), maxInt32);
}
