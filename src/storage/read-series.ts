import type { Pool } from 'pg';
import { orderBySteps, sliceSteps } from './metric-columns.ts';
import { decodeRows, groupNeighbours, type PointsRow } from './metric-rows.ts';
import type { NamedPoints, SeriesRequest } from './metric-store.ts';

interface SeriesRow extends PointsRow {
  readonly trialId: number;
  readonly name: string;
}

const [minInt32, maxInt32] = [-(2 ** 31), 2 ** 31 - 1];

// Parts without a step in the range are not read; a series without any still has its row, with nulls.
const partsInRange = `
  SELECT series.trial_id AS "trialId", series.name, part.points, part.steps, part.values, part.times
  FROM metric_series AS series
  LEFT JOIN LATERAL (
    SELECT 0 AS level, start AS place, points, steps, values, times FROM metric_block
    WHERE series_id = series.id AND min_step <= $4 AND max_step >= $3
    UNION ALL
    SELECT 1, commit, points, steps, values, times FROM metric_chunk
    WHERE series_id = series.id AND min_step <= $4 AND max_step >= $3
  ) AS part ON true
  WHERE series.trial_id = ANY ($1::integer[]) AND ($2::text[] IS NULL OR series.name = ANY ($2))
  ORDER BY series.trial_id, series.name, part.level, part.place`;

/** See MetricStore.read. */
export async function readSeries(
  pool: Pool,
  trialIds: readonly number[],
  { names, fromStep = minInt32, toStep = maxInt32 }: SeriesRequest,
): Promise<Map<number, NamedPoints[]>> {
  const { rows } = await pool.query<SeriesRow | (Omit<SeriesRow, keyof PointsRow> & { points: null })>(
    partsInRange,
    [trialIds, names ?? null, clamp(fromStep), clamp(toStep)],
  );
  const result = new Map<number, NamedPoints[]>(trialIds.map((id) => [id, []]));
  for (const group of groupNeighbours(rows, ({ trialId, name }) => `${trialId}/${name}`)) {
    const { trialId, name } = group[0]!;
    const ordered = orderBySteps(decodeRows(group.filter((row): row is SeriesRow => row.points !== null)));
    result.get(trialId)!.push({ name, ...sliceSteps(ordered, fromStep, toStep) });
  }
  return result;
}

function clamp(step: number): number {
  return Math.min(Math.max(step, minInt32), maxInt32);
}
